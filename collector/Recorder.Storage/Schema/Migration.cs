using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Recorder.Storage;

/// <summary>One numbered step of the schema.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">File name without extension.</param>
/// <param name="Text">Its text with places still open.</param>
internal sealed record Migration(uint Number, string Name, string Text)
{
    /// <summary>SHA-256 of the text, lower-case hex: it must never change once released.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>All migrations of this program, by number.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    private static Migration[] Load()
    {
        Assembly assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(migration => migration.Number)];
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(
            uint.Parse(resource[..4], CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(resource), reader.ReadToEnd());
    }
}
