using System.Collections.Concurrent;
using System.Globalization;
using Sandcastle.Client;
using Sandcastle.Client.Servers;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Faults.Receipts;
using Sandcastle.Linux.Processes;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Faults.Shares;

/// <summary>Two tenants ask a whole daemon for more than it has: who was served how often follows their weights, whichever line they stand in.</summary>
public sealed class ShareTests
{
    /// <summary>
    /// For each of a tenant's weight: so many that it always has some in line, however many are being served, and however late this process comes to
    /// hear of it. Who is served three times as often has three times as many on the way.
    /// </summary>
    private const int ClientsOfWeight = 32;

    /// <summary>Until both stand in line, and what their runs cost is known.</summary>
    private const int First = 160;

    private const int Counted = 400;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4, 30_000, true)] // more than the worker has slots for: the manager's line, which shares out CPU time
    [InlineData(512, 0, false)] // the worker's own, for slots that are being made, which shares out turns
    public async Task Tenants_of_weight_one_and_three_are_served_one_to_three(int slots, int maxWaitMs, bool byTime)
    {
        Assert.SkipUnless(OwnProcess.EffectiveUid == 0, "making jails for these tests needs root");
        using var template = new TemplateOfOne();
        await using var daemon = await Daemon.StartAsync(["--max-slots", slots.ToString(CultureInfo.InvariantCulture), .. template.Flags]);
        await daemon.SettleAsync(Cancelled);
        var served = new ConcurrentQueue<(string Tenant, long CpuMicros)>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await Task.WhenAll(
            SaturateAsync(daemon, "one", weight: 1, maxWaitMs, served, over),
            SaturateAsync(daemon, "three", weight: 3, maxWaitMs, served, over));

        var counted = served.Skip(First).Take(Counted).ToList();
        var turns = counted.Count(run => run.Tenant == "one") / (double)Counted;
        var time = counted.Where(run => run.Tenant == "one").Sum(run => run.CpuMicros) / (double)counted.Sum(run => run.CpuMicros);
        FaultOptions.Publish("shares", string.Create(CultureInfo.InvariantCulture, $"shares: of {Counted} runs with {slots} slots {turns:P1} of the turns, {time:P1} of the CPU time, wanted 25 %"));
        (byTime ? time : turns).ShouldBe(0.25, 0.025);
    }

    private static async Task SaturateAsync(Daemon daemon, string tenant, int weight, int maxWaitMs, ConcurrentQueue<(string Tenant, long CpuMicros)> served, CancellationTokenSource over)
    {
        using var admin = daemon.Connect();
        await admin.SetTenantAsync(tenant, new TenantRequest { Weight = weight }, Cancelled);
        var key = await admin.CreateKeyAsync(new KeyRequest { Tenant = tenant }, Cancelled);
        await Task.WhenAll(Enumerable.Range(0, ClientsOfWeight * weight).Select(_ => Task.Run(
            async () =>
            {
                using var client = new SandcastleClient(new SandcastleClientOptions { Server = ServerAddress.Parse(daemon.Address.ToString()), ApiKey = key.Key });
                var request = new RunRequest { Template = "bash", Code = "echo 1", Queue = maxWaitMs > 0 ? new QueueRequest { MaxWaitMs = maxWaitMs } : null };
                while (!over.IsCancellationRequested)
                {
                    var run = await client.RunAsync(request, cancellationToken: Cancelled);
                    run.ExitCode.ShouldBe(0);
                    served.Enqueue((tenant, run.Receipt!.CpuMicros));
                    if (served.Count >= First + Counted)
                    {
                        await over.CancelAsync();
                    }
                }
            },
            Cancelled)));
    }
}
