using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Spectre.Console;

namespace Recorder.Cli.Sessions;

/// <summary>Sessions as a table for people.</summary>
internal static class SessionTable
{
    public static void Write(Screen screen, IReadOnlyList<Session> sessions, DateTimeOffset now)
    {
        int length = ShortIds.LengthFor([.. sessions.Select(session => session.Id)]);
        var listing = new Listing(
            screen,
            new("ID"),
            new("STARTED", Rank: 2),
            new("DURATION", Rank: 4),
            new("WHO", Rank: 5, Least: 4),
            new("WHERE", Rank: 1, Least: 16),
            new("COMMAND", Least: 12),
            new("EXIT", Rank: 3),
            new("VERDICT", Style: VerdictStyle));
        foreach (Session session in sessions)
        {
            listing.Add(
                ShortIds.Cut(screen.Clean(session.Id), length),
                Human.Time(session.Started),
                Human.Duration((session.Ended ?? now) - session.Started),
                screen.Clean(Who(session)),
                screen.Clean(Where(session)),
                screen.CleanCommand(session.Command ?? (session.Exe is null ? [] : [session.Exe])),
                Human.Exit(session.ExitCode, session.Signal),
                screen.Clean(session.Verdict ?? "-"));
        }

        listing.Write();
    }

    public static Style? VerdictStyle(string verdict) => verdict switch
    {
        "COMPLETE" => new Style(Color.Green),
        "OPEN" => new Style(Color.Aqua),
        "GAPPED" => new Style(Color.Red),
        "UNPROVEN" => new Style(Color.Yellow),
        _ => null,
    };

    /// <summary>Who the kernel says it is; who is behind it is not known here.</summary>
    public static string Who(Session session) => session.User ?? (session.Uid is { } uid ? $"uid {uid}" : "-");

    /// <summary>Namespace, pod and container, or what is known of them; a host terminal has its node.</summary>
    public static string Where(Session session)
    {
        string place = string.Join('/', new[] { session.Namespace, session.Pod, session.Container }.Where(part => !string.IsNullOrEmpty(part)));
        if (place.Length > 0)
            return place;
        return session.ContainerId is { Length: > 0 } container ? container[..Math.Min(12, container.Length)] : session.Node ?? "-";
    }
}
