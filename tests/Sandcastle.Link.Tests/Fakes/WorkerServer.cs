using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Link.Tls;
using Sandcastle.Worker.Api;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>The worker's end of the wire on a real listener.</summary>
internal sealed class WorkerServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WorkerServer(WebApplication app, FakeWorker worker, bool secure)
    {
        _app = app;
        Worker = worker;
        Address = new UriBuilder(app.Urls.Single()) { Scheme = secure ? "https" : "http" }.Uri;
    }

    public FakeWorker Worker { get; }

    public Uri Address { get; }

    public WorkerDrain Drain => _app.Services.GetRequiredService<WorkerDrain>();

    public static async Task<WorkerServer> StartAsync(FakeWorker? worker = null, TlsDirectory? tls = null, int port = 0)
    {
        worker ??= new FakeWorker();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (tls is not null)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(MutualTls.Answer(tls, required: true, PeerNames.Manager)),
                });
            }
        }));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IWorker>(worker);
        builder.Services.AddWorkerApi();
        var app = builder.Build();
        app.UseRouting();
        app.MapWorkerApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WorkerServer(app, worker, tls is not null);
    }

    /// <summary>Cuts every connection, as a killed process does.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
