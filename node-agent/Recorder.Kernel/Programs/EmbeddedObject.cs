namespace Recorder.Kernel.Programs;

/// <summary>The kernel programs that this assembly carries.</summary>
internal static class EmbeddedObject
{
    private const string Name = "recorder.bpf.o";

    public static byte[] Read()
    {
        using Stream file = typeof(EmbeddedObject).Assembly.GetManifestResourceStream(Name)
            ?? throw new CaptureException($"this build carries no kernel programs ({Name})");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
