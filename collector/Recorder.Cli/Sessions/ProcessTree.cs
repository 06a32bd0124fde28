using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Spectre.Console;

namespace Recorder.Cli.Sessions;

/// <summary>The processes of a session under their parents. A parent that was not recorded makes a root.</summary>
internal static class ProcessTree
{
    /// <summary>A tree deeper than this is shown flat from there: nothing that was recorded may exhaust the stack.</summary>
    private const int Deepest = 40;

    public static void Write(Screen screen, IReadOnlyList<SessionProcess> processes, bool ended)
    {
        HashSet<string> known = [.. processes.Select(process => Key(process.Pid, process.Start.ToString()))];
        ILookup<string, SessionProcess> children = processes.ToLookup(process => ParentKey(process, known));
        var tree = new Tree(new Text("Processes", new Style(decoration: Decoration.Bold))) { Guide = screen.Facts.Unicode ? TreeGuide.Line : TreeGuide.Ascii };
        foreach (SessionProcess root in children[""])
            Add(screen, tree, root, children, ended ? "end not seen" : "running", 0);
        screen.Console.Write(tree);
    }

    private static string Key(long? pid, string? start) => $"{pid}@{start}";

    private static string ParentKey(SessionProcess process, HashSet<string> known)
    {
        string parent = Key(process.Ppid, process.ParentStart.ToString());
        return known.Contains(parent) && parent != Key(process.Pid, process.Start.ToString()) ? parent : "";
    }

    private static void Add(Screen screen, IHasTreeNodes parent, SessionProcess process, ILookup<string, SessionProcess> children, string alive, int depth)
    {
        var node = new TreeNode(new Text(Describe(screen, process, alive)));
        parent.AddNode(node);
        IHasTreeNodes below = depth < Deepest ? node : parent;
        foreach (ProcessExec exec in (process.Execs ?? []).Skip(1))
            below.AddNode(new TreeNode(new Text($"then {screen.CleanCommand(exec.Argv ?? [exec.Exe ?? "?"])}")));
        foreach (SessionProcess child in children[Key(process.Pid, process.Start.ToString())])
            Add(screen, below, child, children, alive, depth + 1);
    }

    private static string Describe(Screen screen, SessionProcess process, string alive)
    {
        ProcessExec? first = process.Execs is [{ } exec, ..] ? exec : null;
        string command = first is null ? "(no exec)" : screen.CleanCommand(first.Argv is { Count: > 0 } ? first.Argv : [first.Exe ?? "?"]);
        DateTimeOffset? begin = process.Forked ?? first?.Time;
        string end = process.Exited is null ? alive : $"exit {Human.Exit(process.ExitCode, process.Signal)}";
        return $"{process.Pid} {command}  [{end}, {Human.Duration(process.Exited - begin)}]";
    }
}
