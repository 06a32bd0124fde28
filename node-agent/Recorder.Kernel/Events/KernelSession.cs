namespace Recorder.Kernel;

/// <summary>A session's state in the kernel, read field by field by the names in the map's BTF.</summary>
public readonly record struct KernelSession
{
    /// <summary>The next record's number: one more than the last one given, lost ones included.</summary>
    public ulong NextSequence { get; init; }

    /// <summary>Bytes of the stream in so far, lost ones included.</summary>
    public ulong InTotal { get; init; }

    /// <summary>Bytes of the stream out so far, lost ones included.</summary>
    public ulong OutTotal { get; init; }

    /// <summary>Bytes of the stream err so far, lost ones included.</summary>
    public ulong ErrTotal { get; init; }

    /// <summary>Bytes so far of a stream, lost ones included.</summary>
    public ulong GetTotal(KernelStream stream) => stream switch
    {
        KernelStream.In => InTotal,
        KernelStream.Out => OutTotal,
        _ => ErrTotal,
    };
}
