using System.Xml.Linq;

namespace Recorder.Architecture.Tests;

/// <summary>References run one way: Wire &lt;- Agent, Kernel &lt;- Agent, Wire &lt;- Storage &lt;- Collector, Wire &lt;- Cli.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Recorder.Wire"] = [],
        ["Recorder.Kernel"] = [],
        ["Recorder.Agent"] = ["Recorder.Wire", "Recorder.Kernel"],
        ["Recorder.Storage"] = ["Recorder.Wire"],
        ["Recorder.Collector"] = ["Recorder.Wire", "Recorder.Storage"],
        ["Recorder.Cli"] = ["Recorder.Wire"],
    };

    [Fact]
    public void Products_AreTheOnesTheArchitectureNames() =>
        Repository.Products.Select(project => project.Name).ShouldBe(Allowed.Keys, ignoreOrder: true);

    [Fact]
    public void Products_ReferenceOnlyWhatTheyMay()
    {
        foreach (Project project in Repository.Products)
            project.References.Except(Allowed.GetValueOrDefault(project.Name, [])).ShouldBeEmpty(project.Name);
    }

    [Fact]
    public void TwoSides_ShareNothingButTheWire()
    {
        string[] node = ["Recorder.Agent", "Recorder.Kernel"];
        string[] service = ["Recorder.Collector", "Recorder.Storage", "Recorder.Cli"];
        Closure("Recorder.Agent").Intersect(service).ShouldBeEmpty();
        foreach (string name in service)
            Closure(name).Intersect(node).ShouldBeEmpty(name);
    }

    [Fact]
    public void Agent_HasNoDatabaseAndCollectorNoKernelInterface()
    {
        Uses("Recorder.Agent", "System.Data").ShouldBeEmpty();
        Uses("Recorder.Collector", "libbpf").ShouldBeEmpty();
        Uses("Recorder.Wire", "System.Net").ShouldBeEmpty();
    }

    [Fact]
    public void EveryAssembly_HasTestsThatReferenceNoOtherSide()
    {
        foreach (Project product in Repository.Products)
        {
            Project? tests = Repository.Projects.SingleOrDefault(project => project.Name == product.Name + ".Tests");
            tests.ShouldNotBeNull($"{product.Name} has no tests");
            tests.References.ShouldContain(product.Name);
            tests.References.Except([product.Name, "Recorder.Testing", .. Closure(product.Name)]).ShouldBeEmpty(tests.Name);
            tests.Sources.Any(source => File.ReadAllText(source).Contains("[Fact", StringComparison.Ordinal)).ShouldBeTrue($"{tests.Name} is empty");
        }
    }

    [Fact]
    public void EndToEndTests_DriveTheExecutablesAndLinkNone()
    {
        foreach (string name in new[] { "Recorder.Integration.Tests", "Recorder.Cluster.Tests", "Recorder.Testing" })
            Repository.Projects.Single(project => project.Name == name).References.Except(["Recorder.Wire", "Recorder.Testing"]).ShouldBeEmpty(name);
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "Recorder.sln")).Replace('\\', '/');
        foreach (Project project in Repository.Projects)
            solution.ShouldContain($"\"{Repository.Relative(project.Path)}\"");
    }

    [Fact]
    public void EveryReference_LeadsToAProjectOfTheTree()
    {
        foreach (Project project in Repository.Projects)
        {
            foreach (XElement item in project.Document.Descendants("ProjectReference"))
            {
                string path = Path.GetFullPath(Path.Combine(project.Folder, item.Attribute("Include")!.Value.Replace('\\', '/')));
                Repository.Projects.ShouldContain(other => other.Path == path, $"{project.Name} references {path}");
            }
        }
    }

    private static HashSet<string> Closure(string name)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([name]);
        while (open.TryPop(out string? next))
        {
            foreach (string reference in Repository.Projects.Single(project => project.Name == next).References.Where(reached.Add))
                open.Push(reference);
        }

        return reached;
    }

    private static IEnumerable<string> Uses(string project, string text) => Repository.Projects.Single(other => other.Name == project).Sources
        .Where(source => File.ReadAllText(source).Contains(text, StringComparison.Ordinal))
        .Select(Repository.Relative);
}
