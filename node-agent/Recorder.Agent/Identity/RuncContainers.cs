using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>Containers that runc or crun run without an engine: <c>ROOT/ID/state.json</c> (runc) or <c>ROOT/ID/status</c> (crun).</summary>
/// <param name="files">The host's files.</param>
/// <param name="root">The runtime's root: <c>/run/runc</c>, <c>/run/crun</c>.</param>
internal sealed class RuncContainers(HostFiles files, string root) : IContainerSource
{
    public ContainerFacts? Find(string id)
    {
        using var runc = files.ReadJson($"{root}/{id}/state.json");
        if (runc is not null)
            return From(id, "runc", ((JsonElement?)runc.RootElement).Integer("init_process_pid"));
        using var crun = files.ReadJson($"{root}/{id}/status");
        return crun is null ? null : From(id, "crun", ((JsonElement?)crun.RootElement).Integer("pid"));
    }

    public IEnumerable<string> List() => files.Directories(root);

    private static ContainerFacts From(string id, string runtime, int? pid) =>
        new() { Id = id, Name = id, Runtime = runtime, InitPid = pid is > 0 ? pid : null };
}
