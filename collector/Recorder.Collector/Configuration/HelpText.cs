using System.Reflection;
using System.Text;

namespace Recorder.Collector.Configuration;

internal static class HelpText
{
    public static string Version { get; } =
        typeof(HelpText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string Usage()
    {
        var text = new StringBuilder();
        text.AppendLine("""
            recorder-collector: takes recordings from node agents, keeps them in ClickHouse and serves them.

            usage: recorder-collector [--data DIR] [--store WHERE] [setting…]
                   recorder-collector migrate --store URL    makes or upgrades the tables, then exits
                   recorder-collector --help | --version

            Settings stand on the command line, in the environment, or in a YAML file with the names below (--config FILE
            or RECORDER_CONFIG, else /etc/recorder/collector.yaml); of these the earlier wins.

            """);
        foreach (var key in OptionKeys.All)
        {
            text.AppendLine($"  {key.Flag + " " + key.Placeholder,-28} {key.Description}");
            text.AppendLine($"  {string.Empty,-28} {key.Variable}; {key.Allowed}");
        }

        text.AppendLine("""

            exit status: 0 stopped by a signal, 1 failed while running, 2 wrong usage or configuration
            """);
        return text.ToString();
    }
}
