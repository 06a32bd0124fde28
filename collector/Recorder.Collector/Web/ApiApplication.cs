using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;
using Recorder.Collector.Sessions;

namespace Recorder.Collector.Web;

/// <summary>The HTTP side of the collector.</summary>
internal static class ApiApplication
{
    private const int HeaderBytesAtMost = 32 << 10;
    private const int LineBytesAtMost = 64 << 10;

    /// <summary>A web application that listens on one address and takes nothing from files or the environment.</summary>
    public static WebApplicationBuilder CreateBuilder(IPEndPoint address, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        // Signals are the collector's: it stops its parts in their order.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
            // A player that is paused reads nothing for as long as it likes; it holds up its own connection only.
            kestrel.Limits.MinResponseDataRate = null;
            // A pattern of 4 KiB, or a dashboard's query, percent-encoded.
            kestrel.Limits.MaxRequestLineSize = LineBytesAtMost;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesAtMost;
        });
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder, CollectorOptions options)
    {
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = 0);
        builder.Services.AddSingleton(new HostCheck(options.Hosts, options.Listen.Address));
        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.MapIndex();
        app.MapDiagnostics();
        var api = app.MapGroup("/api/v1");
        api.MapSessions();
        api.MapFrames();
        api.MapStreams();
        api.MapSearch();
        return app;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
