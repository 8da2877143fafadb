using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Sandcastle.Testing.ApiServer.Tests.Proxying;

/// <summary>A program behind a Service or a Pod.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(WebApplication app) => _app = app;

    public int Port { get; private set; }

    /// <summary>Done when a client of <c>/hang</c> went away.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The lines that <c>/upper</c> has read so far; the latest hundred.</summary>
    public Channel<string> Lines { get; } = Channel.CreateBounded<string>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Lets the second half of <c>/stream</c> go.</summary>
    public TaskCompletionSource Continue { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<Backend> StartAsync(bool tls, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.UseHttps(Certificate());
            }
        }));
        var backend = new Backend(builder.Build());
        backend._app.UseWebSockets();
        backend._app.Run(backend.AnswerAsync);
        await backend._app.StartAsync(cancellation);
        backend.Port = new Uri(backend._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return backend;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task AnswerAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/upper" => UpperAsync(http),
        "/stream" => StreamAsync(http),
        "/hang" => HangAsync(http),
        "/socket" => SocketAsync(http),
        _ => EchoAsync(http),
    };

    // What arrived, for the test to look at.
    private static async Task EchoAsync(HttpContext http)
    {
        http.Response.StatusCode = http.Request.Path == "/teapot" ? 418 : 200;
        http.Response.Headers["X-Backend"] = "yes";
        await http.Response.WriteAsJsonAsync(new
        {
            method = http.Request.Method,
            target = http.Features.Get<IHttpRequestFeature>()!.RawTarget,
            authorization = http.Request.Headers.Authorization.ToString(),
            token = http.Request.Headers["X-Sandcastle-Token"].ToString(),
            host = http.Request.Host.ToString(),
        });
    }

    private async Task UpperAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        await http.Response.StartAsync();
        while (await reader.ReadLineAsync() is { } line)
        {
            await Lines.Writer.WriteAsync(line);
            await http.Response.WriteAsync(line.ToUpperInvariant() + "\n");
            await http.Response.Body.FlushAsync();
        }
    }

    private async Task StreamAsync(HttpContext http)
    {
        await http.Response.WriteAsync("first\n");
        await http.Response.Body.FlushAsync();
        await Continue.Task;
        await http.Response.WriteAsync("second\n");
    }

    private async Task HangAsync(HttpContext http)
    {
        await http.Response.WriteAsync("waiting\n");
        await http.Response.Body.FlushAsync();
        using var registration = http.RequestAborted.Register(() => Left.TrySetResult());
        await Left.Task;
    }

    private static async Task SocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, endOfMessage: true, http.RequestAborted);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=backend", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
