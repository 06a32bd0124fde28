using System.Text.RegularExpressions;

namespace Recorder.Architecture.Tests;

public sealed partial class SourceRuleTests
{
    [Fact]
    public void Types_AreNamedAfterNouns() => Offences(VagueName()).ShouldBeEmpty();

    [Fact]
    public void Exceptions_HaveATypeThatSaysWhatFailed() => Offences(BareException()).ShouldBeEmpty();

    [Fact]
    public void Suppressions_SayWhy() => Offences(SilentSuppression()).ShouldBeEmpty();

    [Fact]
    public void LogMessages_AreInOneFileOfTheirAssembly()
    {
        foreach (Project project in Repository.Products)
        {
            project.Sources
                .Where(source => File.ReadAllText(source).Contains("[LoggerMessage", StringComparison.Ordinal))
                .Select(Path.GetFileName)
                .ShouldBeSubsetOf(["Log.cs"], project.Name);
        }
    }

    [Fact]
    public void LogMessages_HaveAnEventIdAndAName()
    {
        foreach (string source in Repository.Products.SelectMany(project => project.Sources).Where(path => Path.GetFileName(path) == "Log.cs"))
        {
            string[] messages = [.. LogAttribute().Matches(File.ReadAllText(source)).Select(match => match.Value)];
            messages.Where(message => !EventId().IsMatch(message)).ShouldBeEmpty(source);
            messages.Select(message => EventId().Match(message).Value).ShouldBeUnique(source);
        }
    }

    [Fact]
    public void KernelPrograms_StateTheirLicence()
    {
        foreach (string source in Repository.Files(Path.Combine(Repository.Root, "bpf"), "*.[ch]"))
        {
            using var reader = new StreamReader(source);
            string? first = reader.ReadLine();
            first.ShouldNotBeNull(source).ShouldContain("SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause", customMessage: source);
        }
    }

    private static IEnumerable<string> Offences(Regex pattern)
    {
        foreach (string source in Repository.Projects.Where(project => project.Name != "Recorder.Architecture.Tests").SelectMany(project => project.Sources))
        {
            foreach (Match match in pattern.Matches(File.ReadAllText(source)))
                yield return $"{Repository.Relative(source)}: {match.Value.Trim()}";
        }
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+\w*(Manager|Helpers?|Util(s|ity|ities)?)\b")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"throw new (System\.)?(Exception|ApplicationException|SystemException)\(.*")]
    private static partial Regex BareException();

    // An attribute without Justification, or a pragma that ends with the code.
    [GeneratedRegex("""\[(assembly: |module: )?SuppressMessage\((?![^\]]*Justification = ")[^\]]*\]|#pragma warning disable [A-Z0-9, ]+$""", RegexOptions.Multiline)]
    private static partial Regex SilentSuppression();

    [GeneratedRegex(@"\[LoggerMessage\([^\]]*\)\]")]
    private static partial Regex LogAttribute();

    [GeneratedRegex(@"\((EventId = )?\w+")]
    private static partial Regex EventId();
}
