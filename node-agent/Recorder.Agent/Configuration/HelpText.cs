using System.Text;

namespace Recorder.Agent.Configuration;

/// <summary>Writes <c>--help</c> from the table of settings.</summary>
internal static class HelpText
{
    private const int Column = 34;
    private const int Width = 110;

    private const string Head = """
        Usage: recorder-agent --collector HOST:PORT --state DIR [settings]
               recorder-agent --check | --uninstall | --help | --version

        Records sessions on this node from the kernel and sends them to a collector.

        Settings come from a YAML file, then the environment, then flags; a later one wins. The key "ring-bytes" is
        ring-bytes in the file, RECORDER_RING_BYTES in the environment and --ring-bytes on the command line.


        """;

    private const string Tail = """
        Sizes are bytes or have a unit (KiB, MiB, GiB); times have one (ms, s, m, h). Flags without a value shown are
        true alone, and take =true or =false. Frames travel unencrypted, so the collector must be on this machine's
        loopback unless plaintext=any is set.
        Exit codes: 0 done, 1 failed while running, 2 wrong usage or configuration, 3 privileges are missing,
        4 the kernel lacks something that is needed.
        """;

    private static readonly (string Flag, string Help)[] Actions =
    [
        ("--config FILE", $"The YAML file; RECORDER_CONFIG names one too. [{AgentSettings.DefaultFile} when it exists]"),
        ("--check", "Say what this kernel can record, and why not; exit 0 when recording works."),
        ("--uninstall", "Remove the kernel programs that agents with this --state left pinned."),
        ("--help", "This text."),
        ("--version", "The version."),
    ];

    public static string Write()
    {
        StringBuilder text = new(Head);
        foreach ((string flag, string help) in Actions)
            Append(text, flag, help);
        foreach ((string title, Setting[] settings) in AgentSettings.Groups)
        {
            text.Append('\n').Append(title).Append(":\n");
            foreach (Setting setting in settings)
                Append(text, $"{setting.Flag} {setting.Placeholder}".TrimEnd(), Describe(setting));
        }

        return text.Append('\n').Append(Tail).ToString();
    }

    private static string Describe(Setting setting) => setting.DefaultText is null ? setting.Help : $"{setting.Help} [{setting.DefaultText}]";

    private static void Append(StringBuilder text, string flag, string help)
    {
        int column = 2 + flag.Length;
        text.Append("  ").Append(flag);
        if (column >= Column)
        {
            text.Append('\n');
            column = 0;
        }

        foreach (string word in help.Split(' '))
        {
            if (column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }

            int padding = Math.Max(1, Column - column);
            text.Append(' ', padding).Append(word);
            column += padding + word.Length;
        }

        text.Append('\n');
    }
}
