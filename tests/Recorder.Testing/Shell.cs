using System.Diagnostics;
using System.Text;

namespace Recorder.Testing;

/// <summary>What a finished program left.</summary>
public sealed record ShellResult(int ExitCode, byte[] Out, byte[] Error)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Out);

    /// <summary>Standard error as text.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Error);

    /// <summary>Itself, or a failure that shows what the program said.</summary>
    public ShellResult Succeeded() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"exit code {ExitCode}\n{Text}\n{ErrorText}");
}

/// <summary>Runs programs to their end.</summary>
public static class Shell
{
    /// <summary>
    /// Runs a program with bytes on its standard input; its output as exact bytes. With <paramref name="afterFirstByte"/> it is fed
    /// only once it has written something.
    /// </summary>
    public static async Task<ShellResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        byte[]? input = null,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? limit = null,
        bool afterFirstByte = false)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        using Process process = Process.Start(start)!;
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var first = new TaskCompletionSource();
        Task reading = Task.WhenAll(
            CollectAsync(process.StandardOutput.BaseStream, output, first),
            process.StandardError.BaseStream.CopyToAsync(error),
            FeedAsync(process, input, afterFirstByte ? first.Task : Task.CompletedTask));
        try
        {
            await Task.WhenAll(reading, process.WaitForExitAsync()).WaitAsync(limit ?? TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end; it said {Encoding.UTF8.GetString(error.ToArray())}");
        }

        return new ShellResult(process.ExitCode, output.ToArray(), error.ToArray());
    }

    private static async Task CollectAsync(Stream from, MemoryStream to, TaskCompletionSource first)
    {
        byte[] buffer = new byte[65536];
        for (int count; (count = await from.ReadAsync(buffer)) > 0;)
        {
            to.Write(buffer, 0, count);
            first.TrySetResult();
        }

        first.TrySetResult();
    }

    private static async Task FeedAsync(Process process, byte[]? input, Task start)
    {
        await start;
        try
        {
            if (input is not null)
            {
                await process.StandardInput.BaseStream.WriteAsync(input);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all: its own business.
        }
    }
}
