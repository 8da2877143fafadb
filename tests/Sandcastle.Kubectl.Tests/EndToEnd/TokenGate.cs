using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sandcastle.EndToEnd.Servers;
using Yarp.ReverseProxy.Forwarder;

namespace Sandcastle.Kubectl.Tests.EndToEnd;

/// <summary>
/// Stands in front of a real sandcastled of one machine, which has keys but no API server to ask: accepts a tenant's token as a manager in a
/// cluster does, and passes the request on with the daemon's key. Bodies stream both ways.
/// </summary>
internal sealed class TokenGate : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    private TokenGate(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<TokenGate> StartAsync(Daemon daemon, Func<string, bool> accepts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var gate = new TokenGate(builder.Build());
        var forwarder = gate._app.Services.GetRequiredService<IHttpForwarder>();
        gate._app.Run(async context =>
        {
            if (!accepts(context.Request.Headers["X-Sandcastle-Token"].ToString()))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            context.Request.Headers.Remove("X-Sandcastle-Token");
            context.Request.Headers["X-API-Key"] = daemon.ApiKey;
            await forwarder.SendAsync(context, daemon.Address.AbsoluteUri, gate._client);
        });
        await gate._app.StartAsync();
        return gate;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }
}
