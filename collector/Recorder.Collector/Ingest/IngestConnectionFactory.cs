using System.Net.Sockets;
using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;

namespace Recorder.Collector.Ingest;

/// <summary>What all connections share.</summary>
internal sealed class IngestConnectionFactory(
    CollectorOptions options,
    IBatchStore store,
    GroupCommitter committer,
    EpochRegistry epochs,
    MemoryBudget memory,
    CollectorMetrics metrics,
    TimeProvider time,
    ILogger<IngestConnection> log)
{
    public CollectorOptions Options { get; } = options;

    public IBatchStore Store { get; } = store;

    public GroupCommitter Committer { get; } = committer;

    public EpochRegistry Epochs { get; } = epochs;

    public MemoryBudget Memory { get; } = memory;

    public CollectorMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;

    public ILogger Log { get; } = log;

    public IngestConnection Create(Socket socket)
    {
        socket.NoDelay = true;
        // A peer that vanished without a word is found by the kernel within about two minutes.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        return new IngestConnection(socket, this);
    }
}
