using System.Text;

namespace Recorder.Wire;

/// <summary>Arrays and maps of values inside frames. Their claimed sizes are limited before anything is allocated.</summary>
internal static class FrameCollections
{
    /// <summary>Most values for which room is made before they were read.</summary>
    private const int Ahead = 64;

    internal static int ReadArrayCount(ref MessagePackReader reader)
    {
        int start = reader.Position;
        int count = reader.ReadArrayHeader();
        return count <= WireLimits.Elements ? count : throw reader.Error(start, $"an array of {count} values");
    }

    internal static IReadOnlyList<Text> ReadTexts(ref MessagePackReader reader)
    {
        int count = ReadArrayCount(ref reader);
        var texts = new List<Text>(Math.Min(count, Ahead));
        for (int i = 0; i < count; i++)
            texts.Add(reader.ReadText());
        return texts;
    }

    internal static IReadOnlyDictionary<string, string> ReadLabels(ref MessagePackReader reader)
    {
        int count = MapCursor.ReadCount(ref reader);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            int start = reader.Position;
            if (!labels.TryAdd(reader.ReadString(), reader.ReadString()))
                throw reader.Error(start, "a label twice");
        }

        return labels;
    }

    internal static IReadOnlyDictionary<string, ulong> ReadCounters(ref MessagePackReader reader)
    {
        int count = MapCursor.ReadCount(ref reader);
        var counters = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            int start = reader.Position;
            if (!counters.TryAdd(reader.ReadString(), reader.ReadUInt64()))
                throw reader.Error(start, "a counter twice");
        }

        return counters;
    }

    /// <summary>
    /// Writes labels in the order of their keys, as many as the limits allow: whoever makes a pod chooses them, and a frame that a receiver has
    /// to refuse would hold up everything behind it.
    /// </summary>
    internal static void WriteLabels(ref MessagePackWriter writer, IReadOnlyDictionary<string, string> labels)
    {
        string[] keys = SortedKeys(labels);
        int count = 0;
        for (int bytes = 0; count < keys.Length && count < WireLimits.Elements; count++)
        {
            bytes += Encoding.UTF8.GetByteCount(keys[count]) + Encoding.UTF8.GetByteCount(labels[keys[count]]);
            if (bytes > WireLimits.Labels)
                break;
        }

        writer.WriteMapHeader(count);
        foreach (string key in keys.AsSpan(0, count))
        {
            writer.WriteString(key);
            writer.WriteString(labels[key]);
        }
    }

    internal static void WriteCounters(ref MessagePackWriter writer, IReadOnlyDictionary<string, ulong> counters)
    {
        writer.WriteMapHeader(counters.Count);
        foreach (string key in SortedKeys(counters))
        {
            writer.WriteString(key);
            writer.WriteUInt64(counters[key]);
        }
    }

    private static string[] SortedKeys<TValue>(IReadOnlyDictionary<string, TValue> map)
    {
        string[] keys = [.. map.Keys];
        Array.Sort(keys, StringComparer.Ordinal);
        return keys;
    }
}
