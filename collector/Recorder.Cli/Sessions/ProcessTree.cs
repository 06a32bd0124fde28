using System.Globalization;
using System.Text;
using Recorder.Cli.Api;
using Recorder.Cli.Output;

namespace Recorder.Cli.Sessions;

/// <summary>
/// The processes of a session under their parents, a line each and none left out: what is deeper than a third of the window is shown with its depth as a
/// number. A parent that was not recorded makes a root.
/// </summary>
internal sealed class ProcessTree
{
    private const int Step = 4;
    private const int DeepestUnlimited = 40;

    private readonly Screen _screen;
    private readonly string _alive;
    private readonly ILookup<string, SessionProcess> _children;
    private readonly int _deepest;
    private readonly IReadOnlyList<SessionProcess> _processes;
    private readonly HashSet<SessionProcess> _shown = new(ReferenceEqualityComparer.Instance);

    private ProcessTree(Screen screen, IReadOnlyList<SessionProcess> processes, bool ended)
    {
        _screen = screen;
        _alive = ended ? "end not seen" : "running";
        HashSet<string> known = [.. processes.Select(Key)];
        _processes = processes;
        _children = processes.ToLookup(process => ParentKey(process, known));
        _deepest = screen.Facts.OutputColumns is { } columns ? Math.Max(2, columns / 3 / Step) : DeepestUnlimited;
    }

    /// <summary>Writes the tree.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="processes">All of the session's.</param>
    /// <param name="ended">The session has ended: what has no end was not seen ending.</param>
    public static void Write(Screen screen, IReadOnlyList<SessionProcess> processes, bool ended)
    {
        var text = new StringBuilder("Processes\n");
        foreach (string line in new ProcessTree(screen, processes, ended).Lines())
            text.Append(line).Append('\n');
        screen.Output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string Key(SessionProcess process) => $"{process.Pid}@{process.Start}";

    private static string ParentKey(SessionProcess process, HashSet<string> known)
    {
        string parent = $"{process.Ppid}@{process.ParentStart}";
        return known.Contains(parent) && parent != Key(process) ? parent : "";
    }

    /// <summary>Depth first, by a stack of its own: nothing that was recorded may exhaust the thread's.</summary>
    private IEnumerable<string> Lines()
    {
        var left = new Stack<(SessionProcess Process, string Guide, bool Last, int Depth)>();
        Push(left, "", "", 0);
        foreach (string line in Lines(left))
            yield return line;
        // What no root leads to has its parents in a circle. Only a false recording has that, and it hides nothing by it.
        foreach (SessionProcess process in _processes)
        {
            left.Push((process, "", true, 0));
            foreach (string line in Lines(left))
                yield return line;
        }
    }

    private IEnumerable<string> Lines(Stack<(SessionProcess Process, string Guide, bool Last, int Depth)> left)
    {
        while (left.TryPop(out (SessionProcess Process, string Guide, bool Last, int Depth) at))
        {
            if (!_shown.Add(at.Process))
                continue;
            string place = at.Depth < _deepest ? at.Guide + Branch(at.Last) : at.Guide + string.Create(CultureInfo.InvariantCulture, $"({at.Depth}) ");
            string below = at.Depth < _deepest ? at.Guide + (at.Last ? "    " : Bar) : at.Guide;
            yield return place + Describe(at.Process);
            foreach (ProcessExec exec in (at.Process.Execs ?? []).Skip(1))
                yield return $"{below}then {Command(exec)}";
            Push(left, Key(at.Process), below, at.Depth + 1);
        }
    }

    private void Push(Stack<(SessionProcess Process, string Guide, bool Last, int Depth)> left, string parent, string guide, int depth)
    {
        bool last = true;
        foreach (SessionProcess child in _children[parent].Reverse())
        {
            left.Push((child, guide, last, depth));
            last = false;
        }
    }

    private string Branch(bool last) => (_screen.Facts.Unicode, last) switch
    {
        (true, true) => "└── ",
        (true, false) => "├── ",
        (false, true) => "`-- ",
        (false, false) => "|-- ",
    };

    private string Bar => _screen.Facts.Unicode ? "│   " : "|   ";

    private string Command(ProcessExec exec)
    {
        string command = _screen.CleanCommand(exec.Argv is { Count: > 0 } ? exec.Argv : [exec.Exe ?? "?"]);
        long known = (exec.Argv ?? []).Sum(argument => Encoding.UTF8.GetByteCount(argument) + 1);
        return exec.ArgvBytes > known ? string.Create(CultureInfo.InvariantCulture, $"{command} [cut, {exec.ArgvBytes} bytes in all]") : command;
    }

    private string Describe(SessionProcess process)
    {
        ProcessExec? first = process.Execs is [{ } exec, ..] ? exec : null;
        string command = first is null ? "(no exec)" : Command(first);
        string end = process.Exited is null ? _alive : $"exit {Human.Exit(process.ExitCode, process.Signal)}";
        return $"{process.Pid} {command}  [{end}, {Human.Duration(process.Exited - (process.Forked ?? first?.Time))}]";
    }
}
