using System.Globalization;
using System.Text;
using Recorder.Agent.Identity;
using Recorder.Agent.Processes;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>Makes a session's snapshot from what the kernel says at its start, and completes it as more becomes known.</summary>
internal static class SessionFacts
{
    /// <summary>What the wire calls a kind of entry.</summary>
    public static string KindOf(KernelKind kind) => kind switch
    {
        KernelKind.Init => SessionKind.Attach,
        KernelKind.Nsenter => SessionKind.Nsenter,
        KernelKind.Terminal => SessionKind.Terminal,
        _ => SessionKind.Exec,
    };

    public static string SourceOf(KernelSource source) => source switch
    {
        KernelSource.None => StreamSource.None,
        KernelSource.Tty => StreamSource.Tty,
        KernelSource.Pipe => StreamSource.Pipe,
        KernelSource.Null => StreamSource.Null,
        KernelSource.File => StreamSource.File,
        KernelSource.Socket => StreamSource.Socket,
        _ => StreamSource.Other,
    };

    /// <summary>The first snapshot, without anything that has to be looked up.</summary>
    public static SessionSnapshot FromStart(in StartView view, ulong time, Guid? parent, TrackerOptions options, IArgvFilter filter)
    {
        ref readonly var start = ref view.Start;
        ref readonly var process = ref view.Process.Process;
        var late = (process.Flags & KernelProcessFlags.Late) != 0;
        return new SessionSnapshot
        {
            Revision = 1,
            Kind = KindOf(start.Kind),
            Depth = SessionDepth.Full,
            State = SessionState.Open,
            Late = late,
            Tty = start.TtyKey != 0,
            Started = late ? process.StartTime : time,
            Parent = parent,
            Cluster = options.Cluster,
            Node = options.Node,
            Container = view.Container.IsEmpty && view.Cgroup.IsEmpty ? null : ContainerOf(view),
            User = new SessionUser { Uid = process.Uid, Gid = process.Gid, LoginUid = ProcessFrames.ReadLogin(process.LoginUid) },
            Root = new SessionRoot
            {
                Pid = process.Pid,
                Start = process.StartTime,
                NamespacePid = process.NamespacePid,
                PidNamespace = process.PidNamespace,
                MountNamespace = process.MountNamespace,
            },
            EnteredBy = new SessionEntry
            {
                Pid = process.ParentPid,
                Start = process.ParentStartTime,
                Comm = ProcessFrames.ReadPath(process.ParentComm.Bytes),
            },
            Command = filter.Filter(ProcessFrames.ReadArgv(view.Process.Argv)),
            Exe = ProcessFrames.ReadPath(view.Process.Exe),
            Cwd = ProcessFrames.ReadPath(view.Process.Cwd),
            Terminal = start.TtyKey == 0 ? null : TerminalOf(start),
            Streams = StreamsOf(start),
        };
    }

    /// <summary>What little the kernel's table says of a session whose START was lost.</summary>
    public static SessionSnapshot FromKernel(in KernelSession state, Guid? parent, TrackerOptions options)
    {
        var streams = new List<SessionStreamInfo>();
        for (var stream = KernelStream.In; stream <= KernelStream.Err; stream++)
        {
            if (state.Has(stream))
                streams.Add(new SessionStreamInfo((StreamId)stream, state.TtyKey != 0 ? StreamSource.Tty : StreamSource.Pipe));
        }

        return new SessionSnapshot
        {
            Revision = 1,
            Kind = KindOf(state.Kind),
            Depth = SessionDepth.Full,
            State = SessionState.Open,
            Tty = state.TtyKey != 0,
            Started = state.Started,
            Parent = parent,
            Cluster = options.Cluster,
            Node = options.Node,
            Root = new SessionRoot { Pid = state.RootPid, Start = state.RootStartTime },
            Streams = streams,
        };
    }

    /// <summary>The snapshot with what was found out; the same where that adds nothing.</summary>
    public static SessionSnapshot Complete(SessionSnapshot snapshot, SessionIdentity identity, IArgvFilter filter)
    {
        var facts = identity.Container;
        return snapshot with
        {
            Kind = identity.IsProbe ? SessionKind.Probe : snapshot.Kind,
            Pod = facts?.PodName is null && facts?.PodUid is null ? snapshot.Pod : new SessionPod
            {
                Namespace = facts.PodNamespace,
                Name = facts.PodName,
                Uid = facts.PodUid,
                ServiceAccount = facts.ServiceAccount,
            },
            Container = facts is null ? snapshot.Container : (snapshot.Container ?? new SessionContainer()) with
            {
                Id = facts.Id,
                Name = facts.Name,
                Image = facts.Image,
                Runtime = facts.Runtime,
                InitPid = (ulong?)facts.InitPid,
            },
            User = identity.UserName is null ? snapshot.User : (snapshot.User ?? new SessionUser()) with { Name = identity.UserName },
            Command = snapshot.Command ?? filter.Filter(ProcessFrames.ReadArgv(identity.Process?.Command)),
            Exe = snapshot.Exe ?? ToText(identity.Process?.Exe),
            Cwd = snapshot.Cwd ?? ToText(identity.Process?.Cwd),
            Labels = facts?.Labels ?? snapshot.Labels,
        };
    }

    private static Text? ToText(string? text) => text is null ? default(Text?) : Text.FromString(text);

    private static SessionContainer ContainerOf(in StartView view) => new()
    {
        Id = view.Container.IsEmpty ? null : Encoding.UTF8.GetString(view.Container),
        Cgroup = view.Cgroup.IsEmpty ? null : Encoding.UTF8.GetString(view.Cgroup),
        CgroupVersion = view.Start.CgroupVersion == 0 ? null : (int)view.Start.CgroupVersion,
    };

    private static SessionTerminal TerminalOf(in KernelStart start) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"pts/{start.TtyIndex}"),
        Columns = start.Columns == 0 ? null : start.Columns,
        Rows = start.Rows == 0 ? null : start.Rows,
    };

    private static List<SessionStreamInfo> StreamsOf(in KernelStart start)
    {
        var streams = new List<SessionStreamInfo>();
        for (var stream = KernelStream.In; stream <= KernelStream.Err; stream++)
        {
            if (start.TtyKey != 0)
            {
                if (start.Has(stream))
                    streams.Add(new SessionStreamInfo((StreamId)stream, StreamSource.Tty));
            }
            else if (start.Has(stream) || IsSessions(start, stream))
                streams.Add(new SessionStreamInfo((StreamId)stream, SourceOf(StdioOf(start, stream).Source)));
        }

        return streams;
    }

    /// <summary>
    /// Whether a stream that the session doesn't own is one that it lacks. A container's own output goes to its log, which is no part of a session
    /// that is attached to its input; what the outer session owns is recorded there; a pipe behind two descriptors is the first one's.
    /// </summary>
    private static bool IsSessions(in KernelStart start, KernelStream stream)
    {
        if (start.Kind == KernelKind.Init && stream != KernelStream.In)
            return false;
        var stdio = StdioOf(start, stream);
        if (stdio.Source is not (KernelSource.Pipe or KernelSource.Tty))
            return true;
        return start.ParentSession == 0 && (stdio.Inode == 0 || !IsShared(start, stream, stdio));
    }

    private static bool IsShared(in KernelStart start, KernelStream stream, in KernelStdio stdio)
    {
        for (var earlier = KernelStream.In; earlier < stream; earlier++)
        {
            var other = StdioOf(start, earlier);
            if (other.Source == stdio.Source && other.Inode == stdio.Inode)
                return true;
        }

        return false;
    }

    /// <summary>What stands behind a descriptor.</summary>
    public static KernelStdio StdioOf(in KernelStart start, KernelStream stream) => stream switch
    {
        KernelStream.In => start.Input,
        KernelStream.Out => start.Output,
        _ => start.Error,
    };
}
