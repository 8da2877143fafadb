using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Sandcastle.Manager.Edges.Rest;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

/// <summary>Output is as long as a program likes, up to its limit, and holds what costs an answer most.</summary>
public sealed class LargeAnswerTests
{
    /// <summary>Of seventeen bytes, so that pieces of any size cut each of its characters somewhere; the last two are none.</summary>
    private static readonly byte[] Pattern = [.. "a\n\"\\\u001b\0é€😀"u8, 0xff, 0xc3];

    private static readonly byte[] Stdout = [.. Enumerable.Repeat(Pattern, 100_000).SelectMany(p => p)];
    private static readonly byte[] Stderr = [.. Stdout[..(600 << 10)], 0xe2, 0x82];

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("base64", false)]
    [InlineData("utf-8", true)]
    [InlineData("base64", true)]
    public async Task Post_outputOfMegabytes_isAnsweredToTheByte(string encoding, bool live)
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Stdout(Stdout);
            run.Stderr(Stderr);
            return Task.CompletedTask;
        };

        using var response = await server.PostAsync(
            $$"""{"code":"x","encoding":"{{encoding}}","metadata":{"k":"\"stdout\":\"\""},"limits":{"outputKiB":4096} }""",
            request => request.Headers.Accept.ParseAdd(live ? "text/event-stream" : "application/json"));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var json = live ? text[(text.LastIndexOf("event: result\ndata: ", StringComparison.Ordinal) + 20)..] : text;
        var answer = JsonSerializer.Deserialize(json, RestJson.Default.RunResponse)!;
        answer.Stdout.ShouldBe(encoding == "base64" ? Convert.ToBase64String(Stdout) : Encoding.UTF8.GetString(Stdout));
        answer.Stderr.ShouldBe(encoding == "base64" ? Convert.ToBase64String(Stderr) : Encoding.UTF8.GetString(Stderr));
        answer.Metadata!["k"].ShouldBe("\"stdout\":\"\"");
        answer.Receipt.ShouldNotBeNull();
    }

    /// <summary>Zeros are six characters each: this was 64 MiB twice as text and 96 MiB as JSON for each answer, and for the longest output twelve times that.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_outputOfManyMegabytes_holdsNoneOfItTwice(bool base64)
    {
        var order = new RunOrder
        {
            Id = RunId.New(),
            Tenant = "a",
            Template = "python",
            Code = default(ReadOnlyMemory<byte>),
            Limits = RunLimits.Default,
            AcceptedTimestamp = 0,
        };
        var run = new FakeRun(order, output: null, CancellationToken.None);
        var report = run.Report("worker-a") with { Stdout = new byte[16 << 20] };
        var record = new RunRecord { Id = order.Id, Tenant = "a", Template = "python", Outcome = Outcome.Succeeded, Report = report, Receipt = report.Receipt, Base64 = base64 };
        var writer = PipeWriter.Create(Stream.Null);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await RunAnswer.WriteJsonAsync(writer, record, TestContext.Current.CancellationToken);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2 << 20);
    }
}
