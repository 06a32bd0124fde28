using Recorder.Kernel.Interop;
using Recorder.Kernel.Maps;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Pins;

/// <summary>Ends pins that can't be used any more, and keeps what is to be known of them.</summary>
internal static class PinRetirement
{
    /// <summary>Detaches, reads the sessions' last state, removes. Null where nothing could be read.</summary>
    /// <remarks>The links go first: only then are the totals final.</remarks>
    public static RetiredLayout? Retire(PinLayout layout)
    {
        using KernelHandle? sessions = PinLayout.Find(layout.Maps, "sessions");
        using KernelHandle? witness = PinLayout.Find(layout.Programs, "on_exec");
        Detach(layout);
        RetiredLayout? last = sessions is null ? null : ReadLast(layout, sessions, witness);
        PinLayout.Remove(layout.Directory);
        return last;
    }

    private static void Detach(PinLayout layout)
    {
        DetachIn(layout.Links);
        DetachIn(layout.Tracepoints);
        while (layout.Streams is { } streams)
            DetachIn(streams.Directory);
    }

    // A link ends at once where its last descriptor is closed; where only its pin goes, the kernel ends it later.
    private static void DetachIn(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        var links = Directory.EnumerateFiles(directory)
            .Select(f => PinLayout.Find(directory, Path.GetFileName(f))).OfType<KernelHandle>().ToList();
        PinLayout.Remove(directory);
        foreach (KernelHandle link in links)
            link.Dispose();
    }

    private static RetiredLayout? ReadLast(PinLayout layout, KernelHandle sessions, KernelHandle? witness)
    {
        try
        {
            using BtfTypes? types = BtfTypes.FromKernel(ObjectInfo.ReadMap(sessions).BtfId);
            if (types is null || SessionFields.Find(types) is not { } fields)
                return null;
            List<KernelSessionEntry> all = new SessionMap(sessions, fields).ReadAll();
            return new RetiredLayout(layout.Directory, witness is null ? 0 : ObjectInfo.ReadLoadTime(witness), all);
        }
        catch (CaptureException)
        {
            return null; // told by the caller: the agent then knows of no exact offsets
        }
    }
}
