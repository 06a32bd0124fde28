namespace Recorder.Collector.Web;

/// <summary>Names of the errors that connect(2) and its families return on Linux (asm-generic/errno.h).</summary>
internal static class Errno
{
    public static string? Name(int error) => error switch
    {
        0 => null,
        1 => "EPERM",
        2 => "ENOENT",
        4 => "EINTR",
        9 => "EBADF",
        11 => "EAGAIN",
        12 => "ENOMEM",
        13 => "EACCES",
        14 => "EFAULT",
        22 => "EINVAL",
        71 => "EPROTO",
        88 => "ENOTSOCK",
        91 => "EPROTOTYPE",
        97 => "EAFNOSUPPORT",
        98 => "EADDRINUSE",
        99 => "EADDRNOTAVAIL",
        100 => "ENETDOWN",
        101 => "ENETUNREACH",
        103 => "ECONNABORTED",
        104 => "ECONNRESET",
        105 => "ENOBUFS",
        106 => "EISCONN",
        110 => "ETIMEDOUT",
        111 => "ECONNREFUSED",
        112 => "EHOSTDOWN",
        113 => "EHOSTUNREACH",
        114 => "EALREADY",
        115 => "EINPROGRESS",
        _ => "E" + error.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
