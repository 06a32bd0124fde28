namespace Recorder.Collector.Diagnostics;

/// <summary>Count, sum and quantiles over the last observations.</summary>
internal sealed class LatencySummary
{
    private const int Window = 1024;
    private readonly Lock _gate = new();
    private readonly double[] _recent = new double[Window];
    private long _count;
    private double _sum;

    public void Observe(TimeSpan elapsed)
    {
        lock (_gate)
        {
            _recent[_count % Window] = elapsed.TotalSeconds;
            _count++;
            _sum += elapsed.TotalSeconds;
        }
    }

    /// <summary>Count, sum in seconds, and the quantiles asked for (0 to 1); quantiles are NaN before the first observation.</summary>
    public (long Count, double Sum, double[] Quantiles) Read(params ReadOnlySpan<double> quantiles)
    {
        double[] sorted;
        long count;
        double sum;
        lock (_gate)
        {
            count = _count;
            sum = _sum;
            sorted = _recent[..(int)Math.Min(count, Window)];
        }

        Array.Sort(sorted);
        var read = new double[quantiles.Length];
        for (int i = 0; i < read.Length; i++)
            read[i] = sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantiles[i] * sorted.Length))];
        return (count, sum, read);
    }
}
