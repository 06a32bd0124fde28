using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Recorder.Agent.Configuration;

/// <summary>Reads settings from a YAML map. A nested map prefixes its keys: <c>kubelet: {url: …}</c> is <c>kubelet-url</c>.</summary>
internal static class YamlReader
{
    /// <summary>A file of settings has no use for more.</summary>
    private const int MaximumBytes = 1 << 20;

    public static void CopyTo(SettingValues values, string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Length > MaximumBytes)
            {
                values.Report($"{path}: {file.Length} bytes are too many; allowed: up to {MaximumBytes}");
                return;
            }

            using StreamReader reader = file.OpenText();
            YamlStream yaml = new();
            yaml.Load(reader);
            if (yaml.Documents.Count > 0)
                ReadRoot(values, yaml.Documents[0].RootNode, path);
        }
        catch (YamlException failure)
        {
            values.Report($"{path}:{failure.Start.Line}: not valid YAML: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            values.Report($"{path}: can't be read: {failure.Message}");
        }
    }

    private static void ReadRoot(SettingValues values, YamlNode root, string path)
    {
        if (root is YamlMappingNode map)
            ReadMap(values, map, path, "", depth: 0);
        else if (root is not YamlScalarNode { Value: null or "" })
            values.Report($"{path}:{root.Start.Line}: a map of settings is expected");
    }

    private static void ReadMap(SettingValues values, YamlMappingNode map, string path, string prefix, int depth)
    {
        foreach ((YamlNode keyNode, YamlNode node) in map.Children)
        {
            string origin = $"{path}:{keyNode.Start.Line}";
            string key = prefix + ((keyNode as YamlScalarNode)?.Value ?? "?");
            Setting? setting = AgentSettings.Find(key);
            if (setting is null && node is YamlMappingNode nested && depth == 0)
                ReadMap(values, nested, path, key + "-", depth + 1);
            else if (setting is null)
                ReportUnknown(values, key, origin);
            else if (node is YamlScalarNode { Value: string text })
                values.Set(setting, text, origin);
            else
                values.Report($"{key}: ({origin}) a single value is expected; allowed: {setting.Allowed}");
        }
    }

    private static void ReportUnknown(SettingValues values, string key, string origin)
    {
        string? suggestion = KeySuggestion.For(key, AgentSettings.All.Select(setting => setting.Name));
        values.Report($"{key}: unknown key ({origin}); {CommandLineReader.Advice(suggestion)}");
    }
}
