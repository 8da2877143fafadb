using System.Collections.Concurrent;
using Sandcastle.Client;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Faults.Servers;
using Sandcastle.Linux.Processes;
using Sandcastle.Manager.Ledger;
using Sandcastle.Postgres;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Receipts;

/// <summary>Worker, manager and database are killed at random while clients ask for runs: the ledger has what the clients were told, once.</summary>
public sealed class RandomStepTests
{
    private const int ClientCount = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<(RunId Run, long CpuMicros)> _answered = [];
    private readonly Dictionary<Victim, int> _killed = [];
    private int _unanswered;
    private int _refused;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_manager_and_database_killed_at_random_lose_and_double_no_receipt()
    {
        Assert.SkipUnless(OwnProcess.EffectiveUid == 0, "making jails for these tests needs root");
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        using var template = new TemplateOfOne();
        await using var database = await PostgresServer.StartAsync();
        var address = await database.NewDatabaseAsync(Cancelled);
        var (link, front) = (Succession.FreePort(), Succession.FreePort());
        await using var worker = await Mortal.StartAsync(["--role", "worker", "--link-listen", $"127.0.0.1:{link}", .. template.Flags]);
        await using var manager = await Mortal.StartAsync("--role", "manager", "--listen", $"127.0.0.1:{front}", "--workers", $"127.0.0.1:{link}", "--ledger", address);

        using (var over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled))
        {
            var clients = Enumerable.Range(0, ClientCount).Select(_ => AskAsync(manager.Daemon, over.Token)).ToList();
            try
            {
                await KillAsync(worker, manager, database);
            }
            finally
            {
                await over.CancelAsync();
            }

            await Task.WhenAll(clients).WaitAsync(Patience, Cancelled);
        }

        var tally = new Tally();
        foreach (var (run, cpu) in _answered)
        {
            tally.Add(run, cpu);
        }

        await using var ledger = PostgresLedger.Open(LedgerAddress.Parse(address), TimeProvider.System);
        var start = TimeProvider.System.GetTimestamp();
        while (!await tally.IsWholeAsync(ledger, Cancelled) && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(50, Cancelled);
        }

        FaultOptions.Publish("receipts", $"receipts: seed {FaultOptions.Seed}, {FaultOptions.Receipts.TotalSeconds} s, {tally.Count} answers, {_unanswered} requests without one, {_refused} refused, killed: "
            + string.Join(", ", _killed.Select(k => $"{k.Value} {k.Key}")));
        await tally.ShouldBeInAsync(ledger, _unanswered, Cancelled);
        tally.Count.ShouldBeGreaterThan(0);
        _killed.Keys.ShouldBe(Enum.GetValues<Victim>(), ignoreOrder: true);
    }

    private async Task AskAsync(Daemon manager, CancellationToken stop)
    {
        using var client = manager.Connect();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var deadline = new CancellationTokenSource(Patience);
                var answer = await client.RunAsync(new RunRequest { Template = "bash", Code = "echo 1" }, cancellationToken: deadline.Token);
                _answered.Enqueue((RunId.Parse(answer.Id), answer.Receipt!.CpuMicros));
            }
            catch (SandcastleException e) when (e.Problem.Kind is RefusalKind.NoCapacity or RefusalKind.TemplateUnavailable or RefusalKind.UnknownTemplate)
            {
                // Nothing ran.
                Interlocked.Increment(ref _refused);
                await Task.Delay(50, CancellationToken.None);
            }
            catch (ServerUnreachableException e) when (e.NeverSent)
            {
                await Task.Delay(50, CancellationToken.None);
            }
            catch (Exception e) when (e is SandcastleException or ServerUnreachableException or IOException)
            {
                // A program may have run.
                Interlocked.Increment(ref _unanswered);
            }
        }
    }

    private async Task KillAsync(Mortal worker, Mortal manager, PostgresServer database)
    {
        var random = new Random(FaultOptions.Seed);
        var victims = Enum.GetValues<Victim>();
        var start = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < victims.Length || TimeProvider.System.GetElapsedTime(start) < FaultOptions.Receipts; round++)
        {
            // Each in turn in the first round, so that a short time sees all.
            var victim = round < victims.Length ? victims[round] : victims[random.Next(victims.Length)];
            // Now and then one dies while the last is not yet back; were it always so, a slow machine would never answer.
            if (round < victims.Length || random.Next(3) > 0)
            {
                await SeeAnswerAsync();
            }

            await Task.Delay(random.Next(0, 1_000), Cancelled);
            switch (victim)
            {
                case Victim.Database:
                    await database.KillAsync();
                    await Task.Delay(random.Next(0, 300), CancellationToken.None);
                    await database.StartAgainAsync();
                    break;
                case Victim.Worker:
                    await worker.ReplaceAsync();
                    break;
                default:
                    await manager.ReplaceAsync();
                    break;
            }

            _killed[victim] = _killed.GetValueOrDefault(victim) + 1;
        }
    }

    /// <summary>Waits for one answer more than there are.</summary>
    private async Task SeeAnswerAsync()
    {
        var before = _answered.Count;
        var start = TimeProvider.System.GetTimestamp();
        while (_answered.Count == before)
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Patience, "all are alive, and nothing is answered");
            await Task.Delay(10, Cancelled);
        }
    }

    /// <summary>A daemon that is killed and followed by another, on one port and one data directory.</summary>
    private sealed class Mortal(Daemon first, string[] flags) : IAsyncDisposable
    {
        internal Daemon Daemon { get; private set; } = first;

        internal static async Task<Mortal> StartAsync(params string[] flags) => new(await Daemon.StartAsync(flags), flags);

        internal async Task ReplaceAsync()
        {
            OwnProcess.Kill(Daemon.Process.Id, Signal.SIGKILL);
            Daemon = await Daemon.SucceedAsync(flags);
        }

        public ValueTask DisposeAsync() => Daemon.DisposeAsync();
    }
}
