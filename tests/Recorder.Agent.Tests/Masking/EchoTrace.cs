using System.Globalization;
using System.Text;
using Recorder.Agent.Masking;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Masking;

/// <summary>
/// What went over a real terminal, recorded on the master's side: lines of time in microseconds, <c>in</c> or <c>out</c>, the terminal's mode
/// (<c>raw</c>, <c>cooked</c>, or <c>masked</c> for cooked without echo) and the bytes in hex.
/// </summary>
internal sealed class EchoTrace : IInputSink
{
    private readonly StringBuilder _text = new();
    private readonly HeldInput _held;
    private ulong _offset;
    private ulong _masked;
    private ulong _next;

    public EchoTrace() => _held = new HeldInput(this);

    /// <summary>The input as it is kept, control characters as <c>^X</c>, what is masked as <c>[n]</c>.</summary>
    public static string Play(string name)
    {
        var trace = new EchoTrace();
        foreach (var line in File.ReadLines(Path.Join(AppContext.BaseDirectory, "Masking", "Traces", name + ".trace")))
        {
            var fields = line.Split(' ');
            var time = ulong.Parse(fields[0], CultureInfo.InvariantCulture) * 1000;
            var bytes = Convert.FromHexString(fields[3]);
            if (fields[1] == "out")
                trace.Out(time, bytes);
            else
                trace.In(time, bytes, fields[2]);
        }

        return trace.End();
    }

    public void In(ulong time, byte[] bytes, string mode = "raw")
    {
        if (mode == "masked")
            _held.AddMasked(time, _offset, (ulong)bytes.Length);
        else
            _held.Add(time, _offset, DataFlags.None, mode == "raw", bytes);
        _offset += (ulong)bytes.Length;
    }

    public void Out(ulong time, byte[] bytes) => _held.Output(time, bytes);

    public void AdvanceTo(ulong time) => _held.AdvanceTo(time);

    public string Now => _text.ToString() + (_masked > 0 ? $"[{_masked}]" : "");

    public string End()
    {
        _held.Flush();
        _next.ShouldBe(_offset);
        return Now;
    }

    public void Kept(ulong time, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes)
    {
        Expect(offset, (ulong)bytes.Length);
        if (_masked > 0)
            _text.Append(CultureInfo.InvariantCulture, $"[{_masked}]");
        _masked = 0;
        foreach (var letter in Encoding.Latin1.GetString(bytes))
            _text.Append(letter is < ' ' or '\x7f' ? $"^{(char)(letter ^ 0x40)}" : letter);
    }

    public void Masked(ulong time, ulong offset, ulong length)
    {
        Expect(offset, length);
        _masked += length;
    }

    private void Expect(ulong offset, ulong length)
    {
        offset.ShouldBe(_next, "input leaves in its order");
        _next += length;
    }
}
