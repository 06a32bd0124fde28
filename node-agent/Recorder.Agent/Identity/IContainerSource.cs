namespace Recorder.Agent.Identity;

/// <summary>One runtime's records of its containers on this node's disk.</summary>
internal interface IContainerSource
{
    /// <summary>
    /// Reads what the runtime wrote about a container, null when it has none of that id. May block on the disk: never called on the
    /// thread that reads the kernel's ring.
    /// </summary>
    /// <param name="id">Passed <see cref="ContainerId.IsSafe"/>.</param>
    ContainerFacts? Find(string id);

    /// <summary>Ids of all containers that the runtime has records of.</summary>
    IEnumerable<string> List();
}
