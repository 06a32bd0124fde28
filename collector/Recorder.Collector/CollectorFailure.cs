namespace Recorder.Collector;

/// <summary>The collector can't go on. The message is for the one who started it.</summary>
internal sealed class CollectorFailure(string message, Exception? cause = null) : Exception(message, cause);
