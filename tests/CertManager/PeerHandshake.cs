using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Sandcastle.Link.Tls;

namespace Sandcastle.Testing.CertManager;

/// <summary>A manager dials a worker, both with the certificates of a directory each, as they do it when they are processes.</summary>
internal static class PeerHandshake
{
    /// <returns>Null when both took the other for what it must be; else what was said.</returns>
    internal static async Task<string?> TryAsync(string managerFiles, string workerFiles, string workerNamespace, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var worker = AnswerAsync(listener, new TlsDirectory(workerFiles, TimeProvider.System), cancellationToken);
        var manager = DialAsync((IPEndPoint)listener.LocalEndpoint, new TlsDirectory(managerFiles, TimeProvider.System), workerNamespace, cancellationToken);
        var said = await Task.WhenAll(manager, worker);
        return said.FirstOrDefault(words => words is not null);
    }

    private static Task<string?> AnswerAsync(TcpListener listener, TlsDirectory files, CancellationToken cancellationToken) => SayAsync("worker", async () =>
    {
        using var client = await listener.AcceptTcpClientAsync(cancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(MutualTls.Answer(files, required: true, PeerNames.Manager), cancellationToken);
        await tls.WriteAsync("!"u8.ToArray(), cancellationToken);
    });

    // The dialling end is through before it knows whether it was taken: the first byte says so.
    private static Task<string?> DialAsync(IPEndPoint address, TlsDirectory files, string workerNamespace, CancellationToken cancellationToken) => SayAsync("manager", async () =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, cancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(MutualTls.Dial(files, PeerNames.WorkerOf(workerNamespace)), cancellationToken);
        if (await tls.ReadAsync(new byte[1], cancellationToken) == 0)
        {
            throw new IOException("the connection was closed");
        }
    });

    private static async Task<string?> SayAsync(string who, Func<Task> part)
    {
        try
        {
            await part();
            return null;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return $"{who}: {exception.Message}";
        }
    }
}
