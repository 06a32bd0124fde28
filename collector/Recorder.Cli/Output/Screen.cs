using System.Text;
using Recorder.Cli.Terminal;
using Spectre.Console;

namespace Recorder.Cli.Output;

/// <summary>Where the command writes: standard output as bytes, as a Spectre console and as JSON, and notes on standard error.</summary>
internal sealed class Screen
{
    /// <summary>Wide enough that no table is cut when nobody looks at it on a terminal.</summary>
    private const int Unlimited = 4096;

    public Screen(Stream output, TextWriter error, ScreenFacts facts)
    {
        Output = output;
        Error = error;
        Facts = facts;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new Sink(new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" }, facts.OutputColumns ?? Unlimited),
            Ansi = facts.Colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = facts.Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        Console.Profile.Capabilities.Unicode = facts.Unicode;
    }

    public Stream Output { get; }

    public TextWriter Error { get; }

    public ScreenFacts Facts { get; }

    public IAnsiConsole Console { get; }

    /// <summary>Captured text, safe to show here.</summary>
    public string Clean(string? text) => CleanText.Of(text, Facts.Unicode);

    /// <summary>A captured command line, safe to show here.</summary>
    public string CleanCommand(IReadOnlyList<string>? arguments) => CleanText.Command(arguments, Facts.Unicode);

    /// <summary>A line as it is: the terminal breaks it where it must, and no space of it is lost. Captured parts have to be clean already.</summary>
    public void WriteLine(string text) => Output.Write(Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>A note to the user, on standard error so that it never mixes with data.</summary>
    public void Note(string text) => Error.WriteLine($"recorder: {text}");

    private sealed class Sink(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => width;

        public int Height => 24;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}

/// <summary>What is known of the terminal.</summary>
/// <param name="OutputColumns">Width of standard output, null when it is no terminal.</param>
/// <param name="OutputRows">Height of standard output, null when it is no terminal.</param>
/// <param name="Keys">Whether keys can be read: standard input is a terminal.</param>
/// <param name="Colours">Standard output is a terminal and NO_COLOR is not set.</param>
/// <param name="Unicode">The locale does not name another character set.</param>
internal sealed record ScreenFacts(int? OutputColumns, int? OutputRows, bool Keys, bool Colours, bool Unicode)
{
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Reads the facts from the process's terminal and environment.</summary>
    public static ScreenFacts Detect()
    {
        (int Columns, int Rows)? size = WindowSize.Of(StandardOutput.Descriptor);
        return new ScreenFacts(
            size?.Columns,
            size?.Rows,
            Keys: size is not null && !Console.IsInputRedirected,
            Colours: size is not null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb",
            Unicode: SpeaksUnicode(Environment.GetEnvironmentVariable));
    }

    /// <summary>No locale, C and POSIX say nothing of the terminal: only a character set that is named and is not UTF-8 does.</summary>
    internal static bool SpeaksUnicode(Func<string, string?> environment)
    {
        string? locale = LocaleVariables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        int dot = locale?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 0)
            return true;
        string charset = locale![(dot + 1)..].Split('@')[0];
        return charset.Equals("UTF-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("UTF8", StringComparison.OrdinalIgnoreCase);
    }
}
