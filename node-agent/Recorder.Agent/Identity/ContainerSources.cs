namespace Recorder.Agent.Identity;

/// <summary>Where the runtimes of this node keep their records; several directories of one kind may be given.</summary>
internal sealed record ContainerSources
{
    /// <summary>Where the host's root is mounted, <c>/</c> on the host itself.</summary>
    public string HostRoot { get; init; } = "/";

    /// <summary>Where the host's proc file system is seen.</summary>
    public string Proc { get; init; } = "/proc";

    public IReadOnlyList<string> Containerd { get; init; } = ["/run/containerd", "/run/k3s/containerd", "/run/docker/containerd/daemon"];

    public IReadOnlyList<string> ContainersStorage { get; init; } = ["/run/containers/storage", "/var/lib/containers/storage"];

    public IReadOnlyList<string> Docker { get; init; } = ["/var/lib/docker"];

    public IReadOnlyList<string> Runc { get; init; } = ["/run/runc", "/run/crun"];

    /// <summary>The sources in the order in which they are asked: those that name pods first, Docker before the containerd under it.</summary>
    public IReadOnlyList<IContainerSource> Open(HostFiles files) =>
    [
        .. Docker.Select(root => new DockerContainers(files, root)),
        .. Containerd.Select(state => new ContainerdBundles(files, state)),
        .. ContainersStorage.Select(storage => new CrioBundles(files, storage)),
        .. Runc.Select(root => new RuncContainers(files, root)),
    ];
}
