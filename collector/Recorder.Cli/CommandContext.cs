using Recorder.Cli.Api;
using Recorder.Cli.Output;

namespace Recorder.Cli;

/// <summary>What every command works with.</summary>
/// <param name="Client">The collector.</param>
/// <param name="Screen">Where results go.</param>
/// <param name="Time">The clock.</param>
internal sealed record CommandContext(CollectorClient Client, Screen Screen, TimeProvider Time);
