using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Sandcastle.Bench.Fakes;

/// <summary>Fake workers in this process, each on a port of its own.</summary>
internal sealed class FakeWorkerHost : IAsyncDisposable
{
    private readonly List<WebApplication> _workers = [];

    public IEnumerable<string> Addresses => _workers.Select(worker => new Uri(worker.Urls.Single()).Authority);

    public static async Task<FakeWorkerHost> StartAsync(int workers, CancellationToken cancellationToken)
    {
        var host = new FakeWorkerHost();
        for (var i = 0; i < workers; i++)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            });
            builder.Services.AddRoutingCore();
            builder.Services.AddGrpc();
            builder.Services.AddSingleton<FakeWorkerLink>();
            var worker = builder.Build();
            worker.UseRouting();
            worker.MapGrpcService<FakeWorkerLink>();
            await worker.StartAsync(cancellationToken);
            host._workers.Add(worker);
        }

        return host;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        foreach (var worker in _workers)
        {
            await worker.StopAsync(now.Token);
            await worker.DisposeAsync();
        }
    }
}
