using System.Text.Json;

namespace Recorder.Benchmarks;

/// <summary>Bytes that an operation of each benchmark may allocate: bench/budgets/*.json, {"Class": {"Method": bytes}}.</summary>
internal sealed class Budgets
{
    private readonly Dictionary<string, long> _budgets = [];

    public static Budgets Read(string folder)
    {
        var budgets = new Budgets();
        foreach (string file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            Dictionary<string, Dictionary<string, long>> classes =
                JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, long>>>(File.ReadAllText(file))!;
            foreach ((string type, Dictionary<string, long> methods) in classes)
            {
                foreach ((string method, long bytes) in methods)
                    budgets._budgets.Add($"{type}.{method}", bytes);
            }
        }

        return budgets;
    }

    /// <summary>bench/budgets of the source tree in which the program was built.</summary>
    public static string Folder()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Recorder.sln")))
            root = Path.GetDirectoryName(root);
        return root is null
            ? throw new DirectoryNotFoundException($"no Recorder.sln above {AppContext.BaseDirectory}: run the benchmarks in the source tree")
            : Path.Combine(root, "bench", "budgets");
    }

    /// <summary>The budget of "Class.Method", or null.</summary>
    public long? Of(string name) => _budgets.TryGetValue(name, out long bytes) ? bytes : null;

    /// <summary>Budgets of benchmarks that do not exist.</summary>
    public IEnumerable<string> Unused(IEnumerable<string> names) =>
        _budgets.Keys.Except(names).Select(name => $"{name} is in bench/budgets and is no benchmark");
}
