namespace Recorder.Agent.Configuration;

/// <summary>Finds the known name that somebody probably meant.</summary>
internal static class KeySuggestion
{
    /// <summary>The closest of <paramref name="known"/>, when few enough edits lie between; else null.</summary>
    public static string? For(string name, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = (name.Length / 4) + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(name, candidate);
            if (distance > bestDistance || (distance == bestDistance && best is not null))
                continue;
            (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = new int[right.Length + 1];
        for (int j = 0; j < row.Length; j++)
            row[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
