using Recorder.Testing;

namespace Recorder.Integration.Tests;

/// <summary>One recorder and one container for all tests of the collection; they run one after another.</summary>
public sealed class RecorderFixture : IAsyncLifetime
{
    /// <summary>Why there is none; null when there is.</summary>
    public string? Missing { get; } = Requires.Runc();

    /// <summary>The recorder.</summary>
    public RecorderInstance Recorder { get; private set; } = null!;

    /// <summary>A running container.</summary>
    public RuncContainer Container { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            Recorder = await RecorderInstance.StartAsync("--host-terminals", "true");
            Container = await RuncContainer.StartAsync(RuncContainer.HexName());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Container is not null)
        {
            await Container.DisposeAsync();
        }

        if (Recorder is not null)
        {
            await Recorder.DisposeAsync();
        }
    }
}

/// <summary>Tests that share <see cref="RecorderFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedRecorder : ICollectionFixture<RecorderFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "recorder";
}

/// <summary>What the tests of the collection have in common.</summary>
[Collection(SharedRecorder.Name)]
public abstract class RecorderTests
{
    private protected RecorderTests(RecorderFixture fixture)
    {
        Assert.SkipWhen(fixture.Missing is not null, fixture.Missing ?? string.Empty);
        Recorder = fixture.Recorder;
        Container = fixture.Container;
    }

    /// <summary>The recorder.</summary>
    protected RecorderInstance Recorder { get; }

    /// <summary>A running container.</summary>
    protected RuncContainer Container { get; }

    /// <summary>A word that occurs once, to find the session by.</summary>
    protected static string Mark() => "mark-" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>
    /// Runs <c>runc exec</c> without a terminal. Input is written only after the script's first output, as a runtime would: what stands
    /// in the pipe before the entry is a gap.
    /// </summary>
    protected Task<ShellResult> ExecAsync(string script, byte[]? input = null) =>
        Shell.RunAsync("runc", Container.Exec(false, "sh", "-c", script), input, afterFirstByte: input is not null);

    /// <summary>Starts <c>runc exec --tty</c> on a terminal.</summary>
    protected PseudoTerminal ExecOnTerminal(params string[] command)
    {
        var terminal = new PseudoTerminal(24, 80);
        terminal.Start("runc", Container.Exec(true, command));
        return terminal;
    }
}
