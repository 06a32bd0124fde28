using System.Text;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Spectre.Console;

namespace Recorder.Cli.Sessions;

/// <summary>All that is known of one session, for people.</summary>
internal static class SessionReport
{
    public static void Write(Screen screen, Session session, IReadOnlyList<SessionProcess> processes, IReadOnlyList<SessionConnection> connections, DateTimeOffset now)
    {
        WriteFacts(screen, session, now);
        WriteStreams(screen, session);
        if (processes.Count > 0)
        {
            screen.Console.WriteLine();
            ProcessTree.Write(screen, processes, session.IsEnded);
        }

        WriteConnections(screen, connections);
    }

    private static void WriteFacts(Screen screen, Session session, DateTimeOffset now)
    {
        foreach ((string name, string? value) in Facts(screen, session, now))
        {
            if (!string.IsNullOrEmpty(value))
                WriteFact(screen, name, value, name == "Verdict" ? SessionTable.VerdictStyle(value) : null);
        }

        foreach (string reason in session.Reasons ?? [])
            WriteFact(screen, "", $"- {screen.Clean(reason)}", null);
    }

    private static IEnumerable<(string Name, string? Value)> Facts(Screen screen, Session session, DateTimeOffset now)
    {
        yield return ("Session", screen.Clean(session.Id));
        yield return ("Kind", screen.Clean(string.Join(", ", new[] { session.Kind, session.Depth, session.State, session.Late ? "found running" : null }.Where(part => part is not null))));
        yield return ("Where", screen.Clean(SessionTable.Where(session)));
        yield return ("Node", screen.Clean(string.Join(" / ", new[] { session.Cluster, session.Node }.Where(part => !string.IsNullOrEmpty(part)))));
        yield return ("Container", screen.Clean(string.Join(", ", new[] { session.ContainerId, session.Image, session.Runtime }.Where(part => !string.IsNullOrEmpty(part)))));
        yield return ("Account", screen.Clean(session.ServiceAccount));
        yield return ("Who", screen.Clean($"{SessionTable.Who(session)} (uid {Known(session.Uid)}, gid {Known(session.Gid)}, login uid {Known(session.LoginUid)})"));
        yield return ("Command", screen.CleanCommand(session.Command));
        yield return ("Program", screen.Clean(session.Exe));
        yield return ("Directory", screen.Clean(session.Cwd));
        yield return ("Parent", screen.Clean(session.Parent));
        yield return ("Terminal", session.Tty ? screen.Clean($"{(session.Terminal is { Name: { Length: > 0 } name } ? name : "yes")} {Known(session.Terminal?.Columns)}x{Known(session.Terminal?.Rows)}") : "none");
        yield return ("Started", Human.Instant(session.Started));
        yield return ("Ended", session.Ended is null ? null : $"{Human.Instant(session.Ended)} (after {Human.Duration(session.Ended - session.Started)})");
        yield return ("Running", session.IsEnded ? null : Human.Duration(now - session.Started));
        yield return ("Exit", session.IsEnded ? Human.Exit(session.ExitCode, session.Signal) : null);
        yield return ("Proof", screen.Clean(session.Proof));
        yield return ("Verdict", screen.Clean(session.Verdict));
    }

    private static string Known<T>(T? value)
        where T : struct => value?.ToString() ?? "?";

    private static void WriteFact(Screen screen, string name, string value, Style? style)
    {
        string title = screen.Facts.Colours ? $"\e[1m{name,-10}\e[0m" : $"{name,-10}";
        if (style is null)
        {
            screen.WriteLine(title + value);
            return;
        }

        screen.Output.Write(Encoding.UTF8.GetBytes(title));
        screen.Console.Write(new Text(value, style));
        screen.Console.WriteLine();
    }

    private static void WriteStreams(Screen screen, Session session)
    {
        if (session.Streams is not { Count: > 0 })
            return;
        screen.Console.WriteLine();
        var listing = new Listing(screen, new("STREAM"), new("BYTES"), new("GAPS"), new("MISSING", Rank: 1), new("STATE", Rank: 2), new("SOURCE", Rank: 3));
        foreach ((string name, SessionStream stream) in session.Streams)
        {
            listing.Add(
                screen.Clean(name),
                $"{stream.Bytes}",
                $"{stream.Gaps}",
                stream.Gaps == 0 ? "-" : stream.GapBytes == 0 ? "unknown" : Human.Size(stream.GapBytes),
                stream.Ended ? "ended" : "open",
                screen.Clean(stream.Source ?? "-"));
        }

        listing.Write();
    }

    private static void WriteConnections(Screen screen, IReadOnlyList<SessionConnection> connections)
    {
        if (connections.Count == 0)
            return;
        screen.Console.WriteLine();
        var listing = new Listing(screen, new("CONNECTED", Rank: 1), new("PID"), new("TO", Least: 15), new("RESULT"));
        foreach (SessionConnection connection in connections)
        {
            string address = connection.Port is > 0 ? connection.Family == "ipv6" ? $"[{connection.Address}]:{connection.Port}" : $"{connection.Address}:{connection.Port}" : connection.Address ?? "?";
            string result = connection.Result == 0 ? "ok" : connection.Error ?? $"errno {connection.Result}";
            listing.Add(Human.Instant(connection.Time), $"{connection.Pid}", screen.Clean($"{connection.Protocol} {address}".Trim()), screen.Clean(result));
        }

        listing.Write();
    }
}
