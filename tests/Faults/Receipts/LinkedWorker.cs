using Grpc.Core;
using Grpc.Net.Client;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Faults.Servers;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.V1;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;
using Receipt = Sandcastle.Protocol.Runs.Receipt;

namespace Sandcastle.Faults.Receipts;

/// <summary>A worker's process whose manager is the test: by the real wire, but it knows at each moment how far a receipt has come.</summary>
internal sealed class LinkedWorker : IAsyncDisposable
{
    private readonly TemplateOfOne _template;
    private readonly string[] _flags;
    private Daemon _daemon;
    private GrpcChannel _channel;

    private LinkedWorker(TemplateOfOne template, string[] flags, Daemon daemon, GrpcChannel channel) =>
        (_template, _flags, _daemon, _channel) = (template, flags, daemon, channel);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private WorkerLink.WorkerLinkClient Link => new(_channel);

    internal static async Task<LinkedWorker> StartAsync()
    {
        var template = new TemplateOfOne();
        var port = Succession.FreePort();
        string[] flags = ["--role", "worker", "--lot", "lot-7", "--link-listen", $"127.0.0.1:{port}", .. template.Flags];
        return new LinkedWorker(template, flags, await Daemon.StartAsync(flags), GrpcChannel.ForAddress($"http://127.0.0.1:{port}"));
    }

    /// <summary>A run to its end.</summary>
    internal async Task<Receipt> RunAsync(string code)
    {
        using var call = await StartAsync(RunId.New(), code);
        while (await call.ResponseStream.MoveNext(Cancelled))
        {
            if (call.ResponseStream.Current.Report is { } report)
            {
                await call.RequestStream.CompleteAsync();
                return report.FromWire().Receipt;
            }
        }

        throw new InvalidOperationException("the run had no report");
    }

    /// <summary>A run that goes on: its program has begun.</summary>
    internal async Task<AsyncDuplexStreamingCall<RunCommand, RunEvent>> StartAsync(RunId run, string code)
    {
        var order = new RunOrder
        {
            Id = run,
            Tenant = Tally.Tenant,
            Template = "bash",
            Code = System.Text.Encoding.UTF8.GetBytes(code),
            Limits = RunLimits.Default,
            AcceptedTimestamp = TimeProvider.System.GetTimestamp(),
        };
        var call = Link.Run(cancellationToken: Cancelled);
        await call.RequestStream.WriteAsync(new RunCommand { Order = order.ToWire(live: true, TimeProvider.System) }, Cancelled);
        while (await call.ResponseStream.MoveNext(Cancelled))
        {
            switch (call.ResponseStream.Current.WordCase)
            {
                case RunEvent.WordOneofCase.Prepared:
                    await call.RequestStream.WriteAsync(new RunCommand { Go = new Go() }, Cancelled);
                    break;
                case RunEvent.WordOneofCase.Stdout:
                    return call;
                case RunEvent.WordOneofCase.Refusal:
                    throw new InvalidOperationException(call.ResponseStream.Current.Refusal.Detail);
            }
        }

        throw new InvalidOperationException("the run ended before it had begun");
    }

    internal async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(_daemon.Address, "/metrics"), Cancelled);
    }

    /// <summary>As a manager reads the journal.</summary>
    internal AsyncDuplexStreamingCall<ReceiptAcknowledgement, Sandcastle.Link.V1.ReceiptBatch> OpenReceipts() => Link.Receipts(cancellationToken: Cancelled);

    /// <summary>SIGKILL, and another in its place on the same journal.</summary>
    internal async Task ReplaceAsync()
    {
        _daemon.Process.Kill();
        var address = _channel.Target;
        _channel.Dispose();
        _daemon = await _daemon.SucceedAsync(_flags);
        _channel = GrpcChannel.ForAddress($"http://{address}");
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _daemon.DisposeAsync();
        _template.Dispose();
    }
}
