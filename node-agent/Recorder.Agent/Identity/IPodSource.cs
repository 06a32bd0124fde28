namespace Recorder.Agent.Identity;

/// <summary>Where the objects of this node's pods come from.</summary>
internal interface IPodSource
{
    /// <summary>All pods of the node.</summary>
    /// <exception cref="HttpRequestException">The source can't be reached or refuses.</exception>
    /// <exception cref="System.Text.Json.JsonException">It answered something else.</exception>
    /// <exception cref="IOException">A file of the credentials can't be read.</exception>
    Task<IReadOnlyList<PodSpec>> ReadAsync(CancellationToken cancellation);
}
