using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Link.Mapping;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.V1;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Routing.Remote;

namespace Sandcastle.Link.Tests.Conversations;

/// <summary>What a worker that was taken over can do to its manager, and to the books of others.</summary>
public sealed class LyingWorkerTests : IAsyncLifetime
{
    private readonly LyingWorker _worker = new();
    private WebApplication _app = null!;
    private ManagerEnd _manager = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(_worker);
        builder.Services.AddGrpc(grpc => grpc.MaxSendMessageSize = null);
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<LyingWorker>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _manager = await ManagerEnd.StartAsync(tls: null);
    }

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Output_beyond_the_runs_limit_is_not_taken()
    {
        await AttachAsync();
        var order = Samples.Order();
        _worker.Words = Forever(new RunEvent { Stdout = ByteString.CopyFrom(new byte[order.Limits.OutputBytes / 2]) });
        var output = new HeardOutput();

        var thrown = await Should.ThrowAsync<WorkerLostException>(() => _manager.RunAsync(order, output));

        thrown.InnerException!.Message.ShouldContain("more output than the run may have");
        output.Heard.Count(c => c == '\0').ShouldBeLessThanOrEqualTo((int)order.Limits.OutputBytes);

        // And it is not listened to any more.
        await _worker.Over.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("tenant")]
    [InlineData("run")]
    [InlineData("template")]
    [InlineData("stdout")]
    [InlineData("stderr")]
    public async Task Report_that_is_not_this_runs_is_not_taken(string lie)
    {
        await AttachAsync();
        var order = Samples.Order();
        var report = Samples.Report(order).ToWire();
        switch (lie)
        {
            case "tenant":
                report.Receipt.Tenant = "tenant-b";
                break;
            case "run":
                report.Receipt.Run = Samples.Order().Id.Value;
                break;
            case "template":
                report.Receipt.Template = "cheaper";
                break;
            case "stdout":
                report.Stdout = ByteString.CopyFrom(new byte[order.Limits.OutputBytes + 1]);
                break;
            default:
                report.Stderr = ByteString.CopyFrom(new byte[order.Limits.OutputBytes + 1]);
                break;
        }

        _worker.Words = [new RunEvent { Report = report }];

        (await Should.ThrowAsync<WorkerLostException>(() => _manager.RunAsync(order))).MayHaveStarted.ShouldBeTrue();
    }

    [Fact]
    public async Task Receipts_and_meter_are_the_workers_and_the_lots_that_the_cluster_says()
    {
        var receipt = Samples.Receipt(Samples.Order(), worker: "somebody-else").ToWire();
        receipt.Lot = "somebody-elses-0001";
        _worker.Batch = new ReceiptBatch { Position = 1, Receipts = { receipt } };
        _worker.FirstWord = new FromWorker { Load = new Load { Meter = new Meter { Incarnation = "a", Lot = "somebody-elses-0001" } } };
        await AttachAsync();
        var link = _manager.Workers.Links[0];

        await foreach (var batch in link.ReadReceiptsAsync(TestContext.Current.CancellationToken))
        {
            batch.Receipts.Select(r => (r.Worker, r.Lot)).ShouldBe([("pod-1", "pool-0001")]);
            break;
        }

        while (link.ReadMeter() is null)
        {
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        link.ReadMeter()!.Lot.ShouldBe("pool-0001");
        link.Name.ShouldBe("pod-1");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(LinkLimits.WordBytes)]
    public async Task Nonsense_ends_an_attachment_and_not_the_trying(int length)
    {
        _worker.FirstWord = new FromWorker { Recorded = new Recorded { Runs = { new string('x', length) } } };
        await AttachAsync();

        await _manager.WhenAsync(() => _worker.Attached == 2 && _manager.Workers.Workers[0].IsAttached);
    }

    private async Task AttachAsync()
    {
        _manager.List.List(new WorkerEndpoint { Name = "pod-1", Namespace = "pools", Pool = "pool", Lot = "pool-0001", Address = new Uri(_app.Urls.Single()) });
        await _manager.WhenAsync(() => _manager.Workers.Workers is [{ IsAttached: true }]);
    }

    private static IEnumerable<RunEvent> Forever(RunEvent word)
    {
        while (true)
        {
            yield return word;
        }
    }
}
