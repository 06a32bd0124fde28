using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Spectre.Console;

namespace Recorder.Cli.Nodes;

/// <summary><c>recorder nodes</c>: who records, when it was last heard of, and what it can't record.</summary>
internal static class NodesCommand
{
    /// <summary>A node sends a heartbeat at least this often, else something is wrong with it.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(CommandContext context, bool json, CancellationToken cancellation)
    {
        List<JsonElement> items = await context.Client.ListAsync("api/v1/origins", cancellation);
        if (json)
        {
            await JsonLines.WriteArrayAsync(context.Screen.Output, items.ToAsyncEnumerable(), cancellation);
            return ExitCodes.Success;
        }

        if (items.Count == 0)
            context.Screen.Note("no node has sent anything yet");
        else
            Write(context.Screen, [.. items.Select(item => item.Deserialize(ApiJson.Default.Origin)!)], context.Time.GetUtcNow());
        return ExitCodes.Success;
    }

    private static void Write(Screen screen, List<Origin> origins, DateTimeOffset now)
    {
        var listing = new Listing(
            screen,
            new("NODE", Least: 12),
            new("CLUSTER", Rank: 5, Least: 8),
            new("HEARTBEAT", Style: text => text.EndsWith('!') ? new Style(Color.Red) : null),
            new("CAPTURE", Rank: 3),
            new("OPEN", Rank: 1),
            new("PROBES", Rank: 2),
            new("NOT RECORDED", Rank: 1),
            new("AGENT", Rank: 4),
            new("KERNEL", Rank: 6, Least: 8));
        foreach (Origin origin in origins)
        {
            listing.Add(
                screen.Clean(origin.Node ?? origin.Id),
                screen.Clean(origin.Cluster ?? "-"),
                Heard(origin.Heartbeat ?? origin.Seen, now),
                screen.Clean(origin.Capture ?? "-"),
                $"{origin.Sessions ?? 0}",
                $"{origin.Probes?.Sum(probe => probe.Count) ?? 0}",
                Human.Count(origin.Unrecordable?.Count ?? 0, "container", "containers"),
                screen.Clean(origin.Agent ?? "-"),
                screen.Clean(origin.Kernel ?? "-"));
        }

        listing.Write();
        foreach (Origin origin in origins)
            WriteTroubles(screen, origin);
    }

    private static string Heard(DateTimeOffset? heartbeat, DateTimeOffset now)
    {
        if (heartbeat is null)
            return "never!";
        TimeSpan ago = now - heartbeat.Value;
        return $"{Human.Duration(ago)} ago{(ago > Silence ? "!" : "")}";
    }

    private static void WriteTroubles(Screen screen, Origin origin)
    {
        string node = screen.Clean(origin.Node ?? origin.Id);
        foreach (OriginUnrecordable item in origin.Unrecordable ?? [])
        {
            string place = string.Join('/', new[] { item.Namespace, item.Pod, item.Container }.Where(part => !string.IsNullOrEmpty(part)));
            screen.WriteLine($"{node}: not recorded: {screen.Clean(place)} ({screen.Clean(item.Runtime)}): {screen.Clean(item.Reason)}");
        }

        foreach (OriginProgram program in (origin.Programs ?? []).Where(IsTrouble))
            screen.WriteLine($"{node}: program {screen.Clean(program.Name)} is {screen.Clean(program.State)}: {screen.Clean(program.Detail)}");
        foreach (OriginProbe probe in origin.Probes ?? [])
            screen.WriteLine($"{node}: probe: {screen.Clean($"{probe.Namespace}/{probe.Pod}/{probe.Container}")}: {screen.CleanCommand(probe.Command)}: {Human.Count(probe.Count, "run", "runs")}, last {Human.Time(probe.Last)}");
    }

    /// <summary>Loaded is no trouble: most programs are attached only while something is recorded.</summary>
    private static bool IsTrouble(OriginProgram program) =>
        "refused".Equals(program.State, StringComparison.OrdinalIgnoreCase) || "absent".Equals(program.State, StringComparison.OrdinalIgnoreCase);
}
