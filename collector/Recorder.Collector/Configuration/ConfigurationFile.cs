using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Recorder.Collector.Configuration;

/// <summary>A flat YAML map of the settings; a list is written as a sequence or joined by ','.</summary>
internal static class ConfigurationFile
{
    public const string DefaultPath = "/etc/recorder/collector.yaml";

    /// <exception cref="ConfigurationError">The file can't be read, is not such a map, or has an unknown key.</exception>
    public static IReadOnlyList<KeyValuePair<OptionKey, string>> Read(string path)
    {
        try
        {
            using var text = File.OpenText(path);
            return Parse(text, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationError($"config: '{path}' can't be read: {e.Message}");
        }
        catch (YamlException e)
        {
            throw new ConfigurationError($"config: '{path}' line {e.Start.Line} is not valid YAML: {e.Message}");
        }
    }

    private static List<KeyValuePair<OptionKey, string>> Parse(TextReader text, string path)
    {
        var yaml = new YamlStream();
        yaml.Load(text);
        var settings = new List<KeyValuePair<OptionKey, string>>();
        if (yaml.Documents.Count == 0) return settings;
        if (yaml.Documents is not [{ RootNode: YamlMappingNode map }])
            throw new ConfigurationError($"config: '{path}' must be one map of 'key: value' lines");

        foreach (var (keyNode, valueNode) in map.Children)
        {
            string name = keyNode.ToString();
            var key = OptionKeys.Find(name) ?? throw new ConfigurationError(
                $"{name}: unknown key in '{path}' line {keyNode.Start.Line}; known are {string.Join(", ", OptionKeys.All.Select(static k => k.Name))}");
            settings.Add(new(key, Scalar(key, valueNode, path)));
        }

        return settings;
    }

    private static string Scalar(OptionKey key, YamlNode node, string path) => node switch
    {
        YamlScalarNode { Value: { } value } => value,
        YamlSequenceNode list when list.Children.All(static item => item is YamlScalarNode) => string.Join(',', list.Children.Cast<YamlScalarNode>().Select(static item => item.Value)),
        _ => throw ConfigurationError.NotAllowed(key.Name, node.NodeType.ToString(), $"'{path}' line {node.Start.Line}", key.Allowed),
    };
}
