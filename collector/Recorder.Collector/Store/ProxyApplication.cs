using System.Net;
using Recorder.Collector.Web;

namespace Recorder.Collector.Store;

/// <summary>The listener of <see cref="ClickHouseProxy"/>.</summary>
internal static class ProxyApplication
{
    public static WebApplication Build(IPEndPoint address, Func<ProxyTarget?> target, ILoggerFactory logs)
    {
        var builder = ApiApplication.CreateBuilder(address, logs);
        // Queries and their data may be of any size; the engine has its own limits.
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddSingleton(_ => new ClickHouseProxy(target, logs.CreateLogger<ClickHouseProxy>()));
        var app = builder.Build();
        var proxy = app.Services.GetRequiredService<ClickHouseProxy>();
        app.Run(proxy.HandleAsync);
        return app;
    }
}
