using System.Globalization;
using System.Net;

namespace Recorder.Storage;

/// <summary>
/// ClickHouse's error codes (https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp) as ours.
/// </summary>
internal static class ClickHouseErrors
{
    private const int MessageLimit = 600;

    public static StoreException From(HttpStatusCode status, string? codeHeader, string body)
    {
        _ = int.TryParse(codeHeader, NumberStyles.Integer, CultureInfo.InvariantCulture, out int code);
        StoreError error = Classify(code, status, body);
        bool transient = error is StoreError.Unavailable or StoreError.TooManyParts or StoreError.Overloaded;
        return new StoreException(error, Message(error, status, body), code, transient);
    }

    private static StoreError Classify(int code, HttpStatusCode status, string body) => code switch
    {
        192 or 193 or 194 or 497 or 516 => StoreError.Authentication,
        243 => StoreError.OutOfDisk,
        // ReadOnly by disk state is reported like a full or broken disk: name what the system call said.
        _ when body.Contains("No space left on device", StringComparison.Ordinal) => StoreError.OutOfDisk,
        164 or 242 => StoreError.ReadOnly,
        _ when body.Contains("Read-only file system", StringComparison.Ordinal) => StoreError.ReadOnly,
        252 => StoreError.TooManyParts,
        159 or 160 or 201 or 202 or 241 or 439 => StoreError.Overloaded,
        209 or 210 or 225 or 236 or 279 or 285 or 286 or 319 or 394 or 425 or 999 => StoreError.Unavailable,
        1000 when body.Contains("HTML Form", StringComparison.Ordinal) => StoreError.InvalidArgument,
        36 or 72 or 457 or 427 => StoreError.InvalidArgument,
        0 when status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => StoreError.Authentication,
        0 when (int)status is 502 or 503 or 504 => StoreError.Unavailable,
        _ => StoreError.Other,
    };

    private static string Message(StoreError error, HttpStatusCode status, string body)
    {
        string text = body.ReplaceLineEndings(" ").Trim();
        // What follows may quote the statement's data; the first sentence says what went wrong.
        int quoted = text.IndexOf("(in query:", StringComparison.Ordinal);
        if (quoted > 0) text = text[..quoted];
        if (text.Length > MessageLimit) text = text[..MessageLimit] + "…";
        return string.Create(CultureInfo.InvariantCulture, $"ClickHouse answered {(int)status} ({error}): {text}");
    }
}
