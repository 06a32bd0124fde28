namespace Recorder.Agent.Instance;

/// <summary>The state directory can't be used: another agent has it, or a file in it makes no sense.</summary>
internal sealed class InstanceException(string message) : Exception(message);
