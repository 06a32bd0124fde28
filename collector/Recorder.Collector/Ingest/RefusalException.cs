namespace Recorder.Collector.Ingest;

/// <summary>Ends one connection with a REFUSE message.</summary>
/// <param name="code">One of FORMAT.md's codes.</param>
/// <param name="message">What is wrong, without any recorded byte.</param>
internal sealed class RefusalException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
