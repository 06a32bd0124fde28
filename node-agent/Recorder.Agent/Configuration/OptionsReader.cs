using System.Collections;
using Microsoft.Extensions.Logging;

namespace Recorder.Agent.Configuration;

/// <summary>Makes <see cref="AgentOptions"/> of a file, the environment and the flags; the later wins.</summary>
internal static class OptionsReader
{
    /// <summary>Reads everything and validates it.</summary>
    /// <param name="environment">Variables of the process.</param>
    /// <param name="defaultFile">Read when no file is named and this one exists.</param>
    /// <exception cref="ConfigurationException">Anything is wrong; it lists all that is.</exception>
    public static AgentOptions Read(CommandLineReader commandLine, IDictionary environment, string defaultFile = AgentSettings.DefaultFile)
    {
        SettingValues values = new();
        string? named = commandLine.ConfigurationFile ?? environment[EnvironmentReader.ConfigurationFile] as string;
        string? file = named ?? (File.Exists(defaultFile) ? defaultFile : null);
        if (file is not null)
            YamlReader.CopyTo(values, file);
        EnvironmentReader.CopyTo(values, environment);
        commandLine.CopyTo(values);
        Validate(values);

        List<string> problems = [.. commandLine.Problems, .. values.Problems];
        return problems.Count == 0 ? Build(values) : throw new ConfigurationException(problems);
    }

    private static void Validate(SettingValues values)
    {
        if (values.Get(AgentSettings.Plaintext) == PlaintextScope.Loopback && !AgentOptions.IsLoopback(values.Get(AgentSettings.Collector).Host))
        {
            values.Refuse(AgentSettings.Collector,
                "a loopback address or localhost, because frames travel without encryption (TLS is not there yet); plaintext=any lifts this");
        }

        if (values.Get(AgentSettings.BatchBytes) * 4 > values.Get(AgentSettings.QueueBytes))
            values.Refuse(AgentSettings.BatchBytes, "at most a quarter of queue-bytes");
        RequireBoth(values, AgentSettings.KubeletClientCertificate, AgentSettings.KubeletClientKey);
        RequireBoth(values, AgentSettings.ApiServerClientCertificate, AgentSettings.ApiServerClientKey);
    }

    private static void RequireBoth(SettingValues values, Setting certificate, Setting key)
    {
        if (values.IsSet(certificate) != values.IsSet(key))
            values.Report($"{certificate.Name} and {key.Name}: one is given without the other; allowed: both or none");
    }

    private static AgentOptions Build(SettingValues values) => new()
    {
        Collector = values.Get(AgentSettings.Collector),
        Plaintext = values.Get(AgentSettings.Plaintext),
        State = values.Get(AgentSettings.State)!,
        Cluster = values.Get(AgentSettings.Cluster)!,
        NodeName = values.Get(AgentSettings.NodeName)!,
        Capture = values.Get(AgentSettings.Capture),
        Depth = values.Get(AgentSettings.Depth),
        HostTerminals = values.Get(AgentSettings.HostTerminals),
        RecordProbes = values.Get(AgentSettings.RecordProbes),
        MaskEchoOff = values.Get(AgentSettings.MaskEchoOff),
        Linger = values.Get(AgentSettings.Linger),
        RingBytes = values.Get(AgentSettings.RingBytes),
        QueueBytes = values.Get(AgentSettings.QueueBytes),
        BatchBytes = values.Get(AgentSettings.BatchBytes),
        BatchInterval = values.Get(AgentSettings.BatchInterval),
        DrainTimeout = values.Get(AgentSettings.DrainTimeout),
        OnStop = values.Get(AgentSettings.OnStop),
        RealTime = values.Get(AgentSettings.RealTime),
        Bpffs = values.Get(AgentSettings.Bpffs)!,
        PinDirectory = values.Get(AgentSettings.PinDirectory),
        HostRoot = values.Get(AgentSettings.HostRoot)!,
        Kubelet = new KubernetesApiOptions(
            values.Get(AgentSettings.KubeletUrl), values.Get(AgentSettings.KubeletTokenFile), values.Get(AgentSettings.KubeletClientCertificate),
            values.Get(AgentSettings.KubeletClientKey), values.Get(AgentSettings.KubeletCa), values.Get(AgentSettings.KubeletInsecure)),
        ApiServer = new KubernetesApiOptions(
            values.Get(AgentSettings.ApiServerUrl), values.Get(AgentSettings.ApiServerTokenFile), values.Get(AgentSettings.ApiServerClientCertificate),
            values.Get(AgentSettings.ApiServerClientKey), values.Get(AgentSettings.ApiServerCa), values.Get(AgentSettings.ApiServerInsecure)),
        LogLevel = (LogLevel)values.Get(AgentSettings.LogLevel),
    };
}
