using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.Live;

/// <summary>A session began or ended, or was open already when watching began.</summary>
/// <param name="Name">open, started or ended.</param>
/// <param name="Session">The session.</param>
internal sealed record SessionEvent(string Name, JsonElement Session);

/// <summary>
/// Compares the newest sessions with those known, poll after poll. Sessions that ended beyond the first page are asked for one by one.
/// </summary>
internal sealed class SessionWatch(CollectorClient client, SessionFilter filter)
{
    private const int Page = 200;

    /// <summary>A session that is forgotten again could be announced twice; so many fit the pages of many polls.</summary>
    private const int MostKnown = 20_000;

    private readonly Dictionary<string, bool> _open = [];
    /// <summary>Whether a poll succeeded: later failures may pass.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What changed since the last call, oldest first. The first call tells only which sessions are open.</summary>
    public async Task<IReadOnlyList<SessionEvent>> PollAsync(CancellationToken cancellation)
    {
        var events = new List<SessionEvent>();
        var seen = new HashSet<string>();
        await foreach (JsonElement item in client.ItemsAsync(filter.AppendTo("api/v1/sessions"), Page, cancellation))
        {
            seen.Add(item.GetProperty("id").GetString()!);
            events.InsertRange(0, Compare(item.Clone()));
        }

        foreach (string id in _open.Where(known => known.Value && !seen.Contains(known.Key)).Select(known => known.Key).ToArray())
        {
            using JsonDocument document = await client.GetAsync($"api/v1/sessions/{id}", cancellation);
            events.AddRange(Compare(document.RootElement.Clone()));
        }

        HasBegun = true;
        Forget();
        return events;
    }

    private List<SessionEvent> Compare(JsonElement item)
    {
        string id = item.GetProperty("id").GetString()!;
        bool open = item.TryGetProperty("state", out JsonElement state) && state.GetString() != "ended";
        bool known = _open.TryGetValue(id, out bool was);
        _open[id] = open;
        if (!HasBegun)
            return open ? [new SessionEvent("open", item)] : [];
        if (known)
            return was && !open ? [new SessionEvent("ended", item)] : [];
        return open ? [new SessionEvent("started", item)] : [new SessionEvent("started", item), new SessionEvent("ended", item)];
    }

    private void Forget()
    {
        if (_open.Count <= MostKnown)
            return;
        foreach (string id in _open.Where(known => !known.Value).Select(known => known.Key).Order(StringComparer.Ordinal).Take(_open.Count - (MostKnown / 2)).ToArray())
            _open.Remove(id);
    }
}
