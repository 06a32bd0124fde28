using System.Text.Json;

namespace Recorder.Cli.Output;

/// <summary>Writes JSON that is safe to print: captured controls are always escaped.</summary>
internal static class JsonLines
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JsonEncoder.Instance };
    private static readonly JsonWriterOptions Indented = new() { Encoder = JsonEncoder.Instance, Indented = true, NewLine = "\n" };

    /// <summary>A JSON array, one item a line, written as the items come.</summary>
    public static async Task WriteArrayAsync(Stream output, IAsyncEnumerable<JsonElement> items, CancellationToken cancellation)
    {
        output.Write("["u8);
        bool first = true;
        await foreach (JsonElement item in items.WithCancellation(cancellation))
        {
            output.Write(first ? "\n"u8 : ",\n"u8);
            first = false;
            Write(output, item.WriteTo, Compact);
        }

        output.Write(first ? "]\n"u8 : "\n]\n"u8);
    }

    /// <summary>One object on one line.</summary>
    public static void WriteLine(Stream output, Action<Utf8JsonWriter> write)
    {
        Write(output, write, Compact);
        output.Write("\n"u8);
    }

    /// <summary>One object on many lines.</summary>
    public static void WriteIndented(Stream output, Action<Utf8JsonWriter> write)
    {
        Write(output, write, Indented);
        output.Write("\n"u8);
    }

    private static void Write(Stream output, Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
            write(writer);
        output.Write(buffer.WrittenSpan);
    }
}
