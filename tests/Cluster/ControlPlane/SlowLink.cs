using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A way to a port of this machine on which everything that is asked arrives later than it was sent, in order; answers are not held up.</summary>
internal sealed class SlowLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private long _delayTicks;

    internal SlowLink(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Of what is sent from now on.</summary>
    internal TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var target = new TcpClient())
        using (var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                await target.ConnectAsync(IPAddress.Loopback, _target, ended.Token);
                client.NoDelay = target.NoDelay = true;
                await Task.WhenAny(SlowlyAsync(client.GetStream(), target.GetStream(), ended.Token), target.GetStream().CopyToAsync(client.GetStream(), ended.Token));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Nobody listens there: the client sees its connection end.
            }

            await ended.CancelAsync();
        }
    }

    private async Task SlowlyAsync(NetworkStream from, NetworkStream to, CancellationToken cancellation)
    {
        var late = Channel.CreateUnbounded<(DateTimeOffset Due, byte[] Bytes)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var writing = WriteAsync(late.Reader, to, cancellation);
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            late.Writer.TryWrite((TimeProvider.System.GetUtcNow() + Delay, buffer[..count]));
        }

        late.Writer.Complete();
        await writing;
    }

    private static async Task WriteAsync(ChannelReader<(DateTimeOffset Due, byte[] Bytes)> late, NetworkStream to, CancellationToken cancellation)
    {
        await foreach (var (due, bytes) in late.ReadAllAsync(cancellation))
        {
            if (due - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, cancellation);
            }

            await to.WriteAsync(bytes, cancellation);
        }
    }
}
