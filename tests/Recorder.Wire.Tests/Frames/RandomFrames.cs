using System.Buffers;

namespace Recorder.Wire.Tests;

/// <summary>Frames of every type with random values, each field present or not.</summary>
internal sealed class RandomFrames(int seed)
{
    private readonly Random _random = new(seed);

    public void Write(IBufferWriter<byte> output, ulong seq, Guid subject)
    {
        ulong time = Number();
        switch (_random.Next(14))
        {
            case 0: new SessionFrame(Session()).Write(output, seq, time, subject); break;
            case 1: new GapFrame(Stream(), Number() >> 1, Maybe(() => 1 + (Number() >> 2)), (GapReason)_random.Next(1, 11), (GapPlace)_random.Next(1, 5), Number(), Number()).Write(output, seq, time, subject); break;
            case 2: new StreamEndFrame(Stream(), Number(), (StreamEndCause)_random.Next(1, 5)).Write(output, seq, time, subject); break;
            case 3: new SessionEndFrame((SessionEndCause)_random.Next(1, 3), Maybe(Integer), Maybe(Integer), (uint)Integer()).Write(output, seq, time, subject); break;
            case 4: new ResizeFrame((ushort)_random.Next(65536), (ushort)_random.Next(65536)).Write(output, seq, time, subject); break;
            case 5: new ForkFrame((uint)Integer(), Number(), (uint)Integer(), Number(), (uint)Integer()).Write(output, seq, time, subject); break;
            case 6: Exec().Write(output, seq, time, subject); break;
            case 7: new ExitFrame((uint)Integer(), Number(), Maybe(Integer), Maybe(Integer), Flag()).Write(output, seq, time, subject); break;
            case 8: Connect(output, seq, time, subject); break;
            case 9: new ProbesFrame { Namespace = Name(), Pod = Name(), Command = Texts(), Count = Number(), First = Maybe(Number) }.Write(output, seq, time, subject); break;
            case 10: new NodeFrame { Programs = [new(Name() ?? "", Name() ?? "", "")], Counters = Counters(), Sessions = Maybe(Number), Capture = Name() }.Write(output, seq, time, subject); break;
            case 11: new UnrecordableFrame { Namespace = Name(), Container = Name(), Runtime = Name(), Reason = Name() ?? "" }.Write(output, seq, time, subject); break;
            case 12: new OpaqueFrame((FrameType)_random.Next(128, 256), 1, [0xc4, 0x01, 0xff]).Write(output, seq, time, subject); break;
            default: new DataFrame(Stream(), Number() >> 1, (DataFlags)_random.Next(256), Bytes(1, 4000)).Write(output, seq, time, subject); break;
        }
    }

    public SessionSnapshot Session() => new()
    {
        Revision = 1 + (Number() >> 1),
        Kind = "k" + Name(),
        Depth = "d" + Name(),
        State = "s" + Name(),
        Late = Flag(),
        Tty = Flag(),
        Started = Number(),
        Ended = Maybe(Number),
        ExitCode = Maybe(Integer),
        Signal = Maybe(Integer),
        Parent = Maybe(Guid.CreateVersion7),
        Cluster = Name(),
        Node = Name(),
        Pod = Flag() ? new SessionPod { Namespace = Name(), Name = Name(), Uid = Name(), ServiceAccount = Name() } : null,
        Container = Flag() ? new SessionContainer { Id = Name(), Image = Name(), CgroupVersion = Maybe(Integer), InitPid = Maybe(Number) } : null,
        User = Flag() ? new SessionUser { Uid = Maybe(Number), LoginUid = Maybe(Number), Name = Name() } : null,
        Root = Flag() ? new SessionRoot { Pid = Maybe(Number), PidNamespace = Maybe(Number) } : null,
        EnteredBy = Flag() ? new SessionEntry { Pid = Maybe(Number), Comm = Maybe(AnyText) } : null,
        Command = Texts(),
        Exe = Maybe(AnyText),
        Cwd = Maybe(AnyText),
        Terminal = Flag() ? new SessionTerminal { Name = Name(), Columns = Maybe(() => _random.Next(65536)) } : null,
        Streams = Flag() ? [new SessionStreamInfo(Stream(), Name() ?? "")] : null,
        Labels = Flag() ? new Dictionary<string, string> { ["z" + Name()] = "1", ["a" + Name()] = "2" } : null,
    };

    private ExecFrame Exec() => new()
    {
        Pid = 1 + (Number() >> 1),
        Start = Number(),
        ParentPid = Maybe(Number),
        Exe = Maybe(AnyText),
        Argv = Texts(),
        ArgvBytes = Maybe(Number),
        Uid = Maybe(Number),
        CapEffective = Maybe(Number),
        CapAmbient = Maybe(Number),
        Late = Flag(),
    };

    private void Connect(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        ushort family = _random.Next(3) switch { 0 => ConnectFrame.FamilyInet, 1 => ConnectFrame.FamilyInet6, _ => ConnectFrame.FamilyUnix };
        int length = family switch { ConnectFrame.FamilyInet => 4, ConnectFrame.FamilyInet6 => 16, _ => _random.Next(109) };
        new ConnectFrame
        {
            Pid = (uint)Integer(),
            Start = Number(),
            Socket = Number(),
            Family = family,
            Protocol = 6,
            Address = Bytes(length, length + 1),
            Port = (ushort)_random.Next(65536),
            Result = (uint)Integer(),
        }.Write(output, seq, time, subject);
    }

    private bool Flag() => _random.Next(2) == 0;

    private ulong Number() => (ulong)_random.NextInt64() >> _random.Next(64);

    private int Integer() => _random.Next() >> _random.Next(31);

    private StreamId Stream() => (StreamId)_random.Next(3);

    private T? Maybe<T>(Func<T> value)
        where T : struct => Flag() ? value() : null;

    private string? Name() => Flag() ? null : new string((char)('a' + _random.Next(26)), _random.Next(40)) + (Flag() ? "é€" : "");

    private Text AnyText() => Text.FromBytes(Bytes(0, 40));

    private List<Text>? Texts() => Flag() ? null : [.. Enumerable.Range(0, _random.Next(20)).Select(_ => AnyText())];

    private Dictionary<string, ulong>? Counters() => Flag() ? null : Enumerable.Range(0, _random.Next(20)).ToDictionary(i => $"c{i}", _ => Number());

    private byte[] Bytes(int least, int below)
    {
        byte[] bytes = new byte[_random.Next(least, below)];
        if (Flag())
            _random.NextBytes(bytes);
        else
            bytes.AsSpan().Fill((byte)'x');
        return bytes;
    }
}
