using System.Text.Json;
using Sandcastle.Client;
using Sandcastle.Client.Grpc;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Grpc;

/// <summary>The same request by REST and by gRPC is the same order, the same refusal and the same answer.</summary>
public sealed class GrpcParityTests
{
    private static readonly Dictionary<string, RunRequest> Orders = new(StringComparer.Ordinal)
    {
        ["code"] = new() { Code = "print('ä\u0000€')" },
        ["code of a template"] = new() { Template = "bash", Code = "true", Args = ["a", "", "c d"] },
        ["command"] = new() { Argv = ["wc", "-l", ""] },
        ["stdin and environment"] = new() { Code = "x", Stdin = "in\n", Env = new Dictionary<string, string> { ["B"] = "2", ["A"] = "" } },
        ["files"] = new()
        {
            Code = "x",
            Files =
            [
                new RunFileContent { Path = "a/b.txt", Content = "text ä" },
                new RunFileContent { Path = "c.bin", ContentBase64 = "AP8=" },
                new RunFileContent { Path = "empty", Content = "" },
            ],
            Collect = ["out/*.png", "**/x"],
        },
        ["limits"] = new()
        {
            Code = "x",
            Limits = new LimitsRequest { TimeoutMs = 1234, MemoryMiB = 64, Cpus = 0.5, Pids = 9, DiskMiB = 3, DiskInodes = 100, OutputKiB = 7, OpenFiles = 20 },
        },
        ["some limits"] = new() { Code = "x", Limits = new LimitsRequest { Cpus = 2 } },
        ["no limits"] = new() { Code = "x", Limits = new LimitsRequest() },
        ["walls"] = new() { Code = "x", Profile = "fork", RequireKeep = "builtin" },
        ["metadata"] = new() { Code = "x", Metadata = new Dictionary<string, string> { ["z"] = "1", ["a"] = "2" } },
        ["queue"] = new() { Code = "x", Queue = new QueueRequest { MaxWaitMs = 1000 } },
        ["exact bytes"] = new() { Code = "x", Encoding = "base64" },
    };

    private static readonly Dictionary<string, RunRequest> Refusals = new(StringComparer.Ordinal)
    {
        ["nothing"] = new(),
        ["empty command"] = new() { Argv = [] },
        ["template"] = new() { Template = "nope", Code = "x" },
        ["empty template"] = new() { Template = "", Code = "x" },
        ["limits"] = new() { Code = "x", Limits = new LimitsRequest { TimeoutMs = 0, MemoryMiB = long.MaxValue, Cpus = double.MaxValue, Pids = -1 } },
        ["paths"] = new() { Code = "x", Files = [new RunFileContent { Path = "../a", Content = "" }, new RunFileContent { Path = "/etc/x", Content = "" }, new RunFileContent { Path = "", Content = "" }] },
        // In the order of their names: the entries of a message have no other.
        ["environment"] = new() { Code = "x", Env = new Dictionary<string, string> { [""] = "2", ["A=B"] = "1" } },
        ["metadata"] = new() { Code = "x", Metadata = Enumerable.Range(0, 17).ToDictionary(i => $"k{i}", i => "v", StringComparer.Ordinal) },
        ["queue"] = new() { Code = "x", Queue = new QueueRequest { MaxWaitMs = -1 } },
        ["globs"] = new() { Code = "x", Collect = ["/abs", "../up"] },
        ["walls"] = new() { Code = "x", Profile = "gvisor", RequireKeep = "moat" },
    };

    public static TheoryData<string, GrpcWire> OrderNames => Rows(Orders);

    public static TheoryData<string, GrpcWire> RefusalNames => Rows(Refusals);

    [Theory]
    [MemberData(nameof(OrderNames))]
    public async Task Run_sameRequest_isTheSameOrderAndAnswer(string name, GrpcWire wire)
    {
        await using var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Program = run =>
            {
                run.Stdout([.. "ä"u8, 255]);
                run.Files = [new RunFile("a.txt", "text"u8.ToArray()), new RunFile("b.bin", new byte[] { 255 })];
                return Task.CompletedTask;
            },
        });
        using var rest = server.Rest();
        using var grpc = server.Grpc(wire);
        var request = Orders[name];
        var byRest = await rest.RunAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        var byGrpc = await grpc.RunAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        var (first, second) = (await server.Worker.NextOrderAsync(), await server.Worker.NextOrderAsync());
        Text(second).ShouldBe(Text(first));
        Text(byGrpc).ShouldBe(Text(byRest));
    }

    [Theory]
    [MemberData(nameof(RefusalNames))]
    public async Task Run_sameBadRequest_isTheSameRefusal(string name, GrpcWire wire)
    {
        await using var server = await ManagerServer.StartAsync();
        using var rest = server.Rest();
        using var grpc = server.Grpc(wire);
        var byRest = await RefusedAsync(rest, Refusals[name]);
        var byGrpc = await RefusedAsync(grpc, Refusals[name]);
        JsonSerializer.Serialize(byGrpc.Problem, RestJson.Default.Problem).ShouldBe(JsonSerializer.Serialize(byRest.Problem, RestJson.Default.Problem));
        server.Worker.RunCount.ShouldBe(0);
    }

    [Fact]
    public async Task Templates_andUsage_areTheSame()
    {
        await using var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Templates = [FakeWorker.Template("python"), FakeWorker.Template("data") with { UnavailableReason = "no numpy" }],
        });
        using var rest = server.Rest();
        using var grpc = server.Grpc();
        await grpc.RunAsync(new RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken);
        (await grpc.GetTemplatesAsync(TestContext.Current.CancellationToken)).ShouldBe(await rest.GetTemplatesAsync(TestContext.Current.CancellationToken));

        var (from, to) = (new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeProvider.System.GetUtcNow().AddHours(1));
        var byRest = await rest.GetUsageAsync(from, to, TestContext.Current.CancellationToken);
        var byGrpc = await grpc.GetUsageAsync(from, to, TestContext.Current.CancellationToken);
        byGrpc.Total.Runs.ShouldBe(1);
        JsonSerializer.Serialize(byGrpc, RestJson.Default.UsageResponse).ShouldBe(JsonSerializer.Serialize(byRest, RestJson.Default.UsageResponse));
        (await Should.ThrowAsync<SandcastleException>(grpc.GetUsageAsync(to, from, TestContext.Current.CancellationToken))).Problem.Errors!.Single().Field.ShouldBe("from");
    }

    [Fact]
    public void Names_ofOutcomesAndFigures_areTheSame()
    {
        Names<Sandcastle.Grpc.V1.Outcome>().Skip(1).ShouldBe(Names<Outcome>());
        Names<Sandcastle.Grpc.V1.FigureKind>().Skip(1).ShouldBe(Names<FigureKind>());
        ((int)Sandcastle.Grpc.V1.Outcome.Succeeded - 1).ShouldBe((int)Outcome.Succeeded);
        ((int)Sandcastle.Grpc.V1.FigureKind.Exact - 1).ShouldBe((int)FigureKind.Exact);
    }

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Order().Select(v => v.ToString());

    private static TheoryData<string, GrpcWire> Rows(Dictionary<string, RunRequest> table)
    {
        var rows = new TheoryData<string, GrpcWire>();
        foreach (var name in table.Keys)
        {
            rows.Add(name, GrpcWire.Native);
        }

        rows.Add(table.Keys.First(), GrpcWire.Web);
        return rows;
    }

    private static Task<SandcastleException> RefusedAsync(ISandcastleClient client, RunRequest request) =>
        Should.ThrowAsync<SandcastleException>(client.RunAsync(request, cancellationToken: TestContext.Current.CancellationToken));

    private static string Text(RunOrder order) => JsonSerializer.Serialize(order with { Id = default, AcceptedTimestamp = 0, Env = new SortedDictionary<string, string>(order.Env.ToDictionary(), StringComparer.Ordinal) });

    /// <summary>Two runs are two runs: what differs by that is that it is there, and when that was.</summary>
    private static string Text(RunResponse answer) => JsonSerializer.Serialize(
        answer with { Id = "", Receipt = answer.Receipt! with { StartedAt = answer.Receipt.StartedAt is null ? null : DateTimeOffset.UnixEpoch }, Metadata = answer.Metadata is null ? null : new SortedDictionary<string, string>(answer.Metadata.ToDictionary(), StringComparer.Ordinal) }, RestJson.Default.RunResponse);
}
