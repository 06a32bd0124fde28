using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Recorder.Architecture.Tests;

/// <summary>A project of the source tree.</summary>
/// <param name="Name">Its file's name without extension.</param>
/// <param name="Path">Its file.</param>
/// <param name="Document">Its content.</param>
internal sealed record Project(string Name, string Path, XDocument Document)
{
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Part of what is shipped: no test, no benchmark.</summary>
    public bool IsProduct => !Path.StartsWith(System.IO.Path.Combine(Repository.Root, "tests"), StringComparison.Ordinal)
        && !Path.StartsWith(System.IO.Path.Combine(Repository.Root, "bench"), StringComparison.Ordinal);

    public IReadOnlyList<string> References =>
        [.. Document.Descendants("ProjectReference").Select(item => Repository.NameOf(item.Attribute("Include")!.Value))];

    public IEnumerable<string> Sources => Repository.Files(Folder, "*.cs");
}

/// <summary>The source tree as it is on disk.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Project> Projects { get; } =
        [.. Files(Root, "*.csproj").Select(path => new Project(NameOf(path), path, XDocument.Load(path)))];

    public static IEnumerable<Project> Products => Projects.Where(project => project.IsProduct);

    public static string NameOf(string path) => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    /// <summary>Files below a folder, without what is built or fetched.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Where(path => !Built().IsMatch(path[Root.Length..]));

    /// <summary>A path as the repository names it.</summary>
    public static string Relative(string path) => System.IO.Path.GetRelativePath(Root, path);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Recorder.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests do not run in the source tree.");
    }

    [GeneratedRegex("/(bin|obj|artifacts|node_modules|BenchmarkDotNet.Artifacts)/")]
    private static partial Regex Built();
}
