using System.Threading.Channels;

namespace Recorder.Cli.Playback;

/// <summary>What the user can ask of a player.</summary>
internal enum PlayerKey { Pause, Step, Back, Forward, Faster, Slower, Quit }

/// <summary>Keys, as they are pressed.</summary>
internal interface IPlayerKeys
{
    /// <summary>The next key, or null when none came in time.</summary>
    /// <param name="limit">How long to wait; zero only looks, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    ValueTask<PlayerKey?> NextAsync(TimeSpan limit, CancellationToken cancellation);
}

/// <summary>No keyboard: time alone drives the player.</summary>
internal sealed class NoKeys(TimeProvider time) : IPlayerKeys
{
    public async ValueTask<PlayerKey?> NextAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (limit != TimeSpan.Zero)
            await Task.Delay(limit, time, cancellation);
        return null;
    }
}

/// <summary>The terminal's keyboard. One background thread reads it for the rest of the process: a read can't be called off.</summary>
internal sealed class ConsoleKeys : IPlayerKeys
{
    private readonly Channel<PlayerKey> _keys = Channel.CreateUnbounded<PlayerKey>();
    private readonly TimeProvider _time;

    private ConsoleKeys(TimeProvider time) => _time = time;

    /// <summary>Begins to read; from here on the terminal does not echo.</summary>
    public static ConsoleKeys Start(TimeProvider time)
    {
        var keys = new ConsoleKeys(time);
        new Thread(keys.Read) { IsBackground = true, Name = "keys" }.Start();
        return keys;
    }

    public async ValueTask<PlayerKey?> NextAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (_keys.Reader.TryRead(out PlayerKey ready))
            return ready;
        if (limit == TimeSpan.Zero)
            return null;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task delay = Task.Delay(limit, _time, wait.Token);
        Task<bool> key = _keys.Reader.WaitToReadAsync(wait.Token).AsTask();
        await Task.WhenAny(delay, key);
        await wait.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return _keys.Reader.TryRead(out PlayerKey pressed) ? pressed : null;
    }

    /// <summary>Arrow keys seek; so do h and l.</summary>
    internal static PlayerKey? Meaning(ConsoleKeyInfo key) => (key.Key, key.KeyChar) switch
    {
        (ConsoleKey.LeftArrow, _) or (_, 'h') => PlayerKey.Back,
        (ConsoleKey.RightArrow, _) or (_, 'l') => PlayerKey.Forward,
        (_, ' ') => PlayerKey.Pause,
        (_, '.') => PlayerKey.Step,
        (_, '+' or '=') => PlayerKey.Faster,
        (_, '-' or '_') => PlayerKey.Slower,
        (_, 'q' or 'Q') => PlayerKey.Quit,
        _ => null,
    };

    private void Read()
    {
        try
        {
            while (true)
            {
                if (Meaning(Console.ReadKey(intercept: true)) is { } key)
                    _keys.Writer.TryWrite(key);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The keyboard went away: playback goes on without keys.
        }
    }
}
