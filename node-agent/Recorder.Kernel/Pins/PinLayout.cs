using System.Globalization;
using System.Security.Cryptography;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Pins;

/// <summary>
/// The pins of one load: <c>maps/</c>, <c>programs/</c>, <c>links/</c> (lifecycle), <c>streams-N/</c> (links of the
/// stream programs, attached at boot time N ns), <c>tracepoints/</c> (those on classic tracepoints) and <c>complete/</c>, which is made last.
/// </summary>
internal sealed class PinLayout(string directory)
{
    private const string StreamsPrefix = "streams-";
    private const int NameDigits = 12;

    public string Directory { get; } = directory;

    public string Maps => Path.Combine(Directory, "maps");

    public string Programs => Path.Combine(Directory, "programs");

    public string Links => Path.Combine(Directory, "links");

    public string Tracepoints => Path.Combine(Directory, "tracepoints");

    public bool IsComplete => System.IO.Directory.Exists(Marker);

    /// <summary>Where the stream programs' links are, and since when they are attached; null: they are not.</summary>
    public (string Directory, ulong Since)? Streams
    {
        get
        {
            string? found = System.IO.Directory.Exists(Directory)
                ? System.IO.Directory.EnumerateDirectories(Directory, StreamsPrefix + "*").Order(StringComparer.Ordinal).FirstOrDefault()
                : null;
            return found is not null && ulong.TryParse(
                Path.GetFileName(found).AsSpan(StreamsPrefix.Length), CultureInfo.InvariantCulture, out ulong since)
                ? (found, since)
                : null;
        }
    }

    private string Marker => Path.Combine(Directory, "complete");

    /// <summary>The name of an object's layout: the first 12 hex digits of its SHA-256.</summary>
    public static string NameOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file))[..NameDigits];

    /// <summary>Whether a directory's name can be a layout's.</summary>
    public static bool IsLayoutName(string name) => name.Length == NameDigits && name.All(char.IsAsciiHexDigitLower);

    /// <summary>A bpffs refuses dots in names.</summary>
    public static string PinName(string name) => name.Replace('.', '_');

    public void MarkComplete() => System.IO.Directory.CreateDirectory(Marker);

    public string StreamsDirectory(ulong since) =>
        Path.Combine(Directory, StreamsPrefix + since.ToString(CultureInfo.InvariantCulture));

    /// <exception cref="CaptureException">It can't be pinned.</exception>
    public static void Pin(string directory, string name, KernelHandle handle)
    {
        System.IO.Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, PinName(name));
        int error = LibBpf.Pin(handle, path);
        if (error < 0)
            throw new CaptureException($"pinning {path}: {Errno.Describe(error)}");
    }

    /// <summary>A pinned object's descriptor, or null where there is none.</summary>
    public static KernelHandle? Find(string directory, string name)
    {
        int fd = LibBpf.GetPinned(Path.Combine(directory, PinName(name)));
        return fd < 0 ? null : new KernelHandle(fd);
    }

    /// <summary>Removes a directory of pins, if it is there.</summary>
    public static void Remove(string directory)
    {
        if (System.IO.Directory.Exists(directory))
            System.IO.Directory.Delete(directory, recursive: true);
    }
}
