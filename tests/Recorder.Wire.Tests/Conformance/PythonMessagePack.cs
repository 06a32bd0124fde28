using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

/// <summary>python3-msgpack in a child process: an implementation of MessagePack that shares nothing with ours.</summary>
internal sealed class PythonMessagePack : IDisposable
{
    private static readonly string[] Interpreters = ["/usr/bin/python3", "/usr/local/bin/python3"];
    private readonly Process _process;

    private PythonMessagePack(Process process) => _process = process;

    /// <summary>Starts it; skips the test where the module is not installed.</summary>
    public static PythonMessagePack Start()
    {
        string? python = Interpreters.FirstOrDefault(HasModule);
        Assert.SkipWhen(python is null, "python3-msgpack is not installed");
        return new PythonMessagePack(Run(python!, Path.Combine(AppContext.BaseDirectory, "Conformance", "conformance.py")));
    }

    /// <summary>The values that stand one after another in the bytes.</summary>
    public JsonArray Unpack(ReadOnlySpan<byte> bytes) => JsonNode.Parse(Ask("unpack " + Convert.ToHexStringLower(bytes)))!.AsArray();

    /// <summary>The value as it is packed there.</summary>
    public byte[] Pack(JsonNode? value) => Convert.FromHexString(Ask("pack " + (value?.ToJsonString() ?? "null")));

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }

    private string Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("python ended: " + _process.StandardError.ReadToEnd());
    }

    private static bool HasModule(string python)
    {
        if (!File.Exists(python))
            return false;
        using Process process = Run(python, "-c", "import msgpack");
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Process Run(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
