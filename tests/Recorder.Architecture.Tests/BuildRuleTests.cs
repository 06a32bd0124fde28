using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Recorder.Architecture.Tests;

public sealed partial class BuildRuleTests
{
    private static readonly string[] FixedForAll = ["TreatWarningsAsErrors", "Nullable", "AnalysisLevel", "EnforceCodeStyleInBuild", "Deterministic", "TargetFramework"];

    [Fact]
    public void EveryProject_KeepsTheRulesOfTheTree()
    {
        foreach (Project project in Repository.Projects)
            project.Document.Descendants().Select(item => item.Name.LocalName).Intersect(FixedForAll).ShouldBeEmpty(project.Name);
    }

    [Fact]
    public void EveryPackage_HasItsVersionInOnePlaceAndIsUsed()
    {
        XDocument central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        string[] versions = [.. central.Descendants("PackageVersion").Select(item => item.Attribute("Include")!.Value)];
        XDocument common = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));
        XElement[] references = [.. Repository.Projects.Select(project => project.Document).Append(common).SelectMany(document => document.Descendants("PackageReference"))];
        references.Where(item => item.Attribute("Version") is not null || item.Attribute("VersionOverride") is not null).ShouldBeEmpty();
        string[] used = [.. references.Select(item => item.Attribute("Include")!.Value)];
        versions.Except(used).ShouldBeEmpty("Directory.Packages.props has versions of packages that nothing references");
    }

    [Fact]
    public void EveryProject_HasALockFile()
    {
        foreach (Project project in Repository.Projects)
            File.Exists(Path.Combine(project.Folder, "packages.lock.json")).ShouldBeTrue(project.Name);
    }

    [Fact]
    public void EveryNoWarn_SaysWhy()
    {
        foreach (Project project in Repository.Projects)
        {
            foreach (XElement noWarn in project.Document.Descendants("NoWarn"))
            {
                string comments = string.Concat(noWarn.NodesBeforeSelf().OfType<XComment>().Select(comment => comment.Value));
                foreach (Match code in DiagnosticCode().Matches(noWarn.Value))
                    comments.ShouldContain(code.Value, customMessage: $"{project.Name} suppresses {code.Value} without a reason");
            }
        }
    }

    [GeneratedRegex("[A-Z]+[0-9]+")]
    private static partial Regex DiagnosticCode();
}
