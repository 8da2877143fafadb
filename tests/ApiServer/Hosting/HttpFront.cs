using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Sandcastle.Testing.ApiServer.Hosting;

/// <summary>Listens on a loopback port that stays the same when it is closed and opened again.</summary>
internal sealed class HttpFront(RequestDelegate handler, Authority? authority) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = new();
    private WebApplication? _app;

    /// <summary>0 until it was opened once.</summary>
    public int Port { get; private set; }

    public async Task OpenAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Configure);
        _app = builder.Build();
        _app.Run(handler);
        await _app.StartAsync(cancellation);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Port = new Uri(addresses.Single()).Port;
    }

    /// <summary>Breaks every connection and listens no more.</summary>
    public async Task CloseAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            BreakConnections();
            using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
            await app.StopAsync(atOnce.Token);
            await app.DisposeAsync();
        }
    }

    /// <summary>Breaks every connection without an answer.</summary>
    public void BreakConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Abort(new ConnectionAbortedException("the server is being restarted, as a test asked"));
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        // Proxied bodies have no limit, and a stream may be quiet for long; objects are limited where they are read.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, Port, listen =>
        {
            listen.Use(next => connection => TrackAsync(next, connection));
            if (authority is not null)
            {
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = authority.ForServer();
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.ClientCertificateValidation = (certificate, _, _) => authority.Signed(certificate);
                });
            }
        });
    }

    private async Task TrackAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        _connections[connection] = true;
        try
        {
            await next(connection);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
