using System.Diagnostics;

namespace Recorder.Storage;

/// <summary>One run of the engine's child process.</summary>
internal sealed class EngineProcess : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private EngineProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static EngineProcess Start(EmbeddedStoreOptions options, EngineArguments arguments, BoundedLog log)
    {
        var start = new ProcessStartInfo(options.HostProgram ?? Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // Under `dotnet program.dll` the running program is dotnet.
        if (options.HostProgram is null && Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Path.GetFullPath(Environment.GetCommandLineArgs()[0]));
        foreach (string argument in options.HostArguments) start.ArgumentList.Add(argument);
        foreach (string argument in arguments.ToCommandLine()) start.ArgumentList.Add(argument);

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Log(line.Data, log);
        process.ErrorDataReceived += (_, line) => Log(line.Data, log);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            process.Dispose();
            throw new StoreException(StoreError.Engine, $"{start.FileName} can't be run: {failure.Message}", inner: failure);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new EngineProcess(process);
    }

    public Task WaitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Closes its standard input and waits; kills it when that takes too long.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    private static void Log(string? line, BoundedLog log)
    {
        if (line is not null) log.Write(line);
    }
}
