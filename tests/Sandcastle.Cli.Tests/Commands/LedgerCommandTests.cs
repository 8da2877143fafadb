using System.Text.Json;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Commands;

/// <summary><c>ledger verify</c> of a server that is named; of a ledger itself see <see cref="BackgroundServerTests"/>.</summary>
public sealed class LedgerCommandTests : IAsyncLifetime
{
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Verify_of_a_server_shows_its_proof()
    {
        var result = await CliProgram.RunAsync("ledger", "verify", "--server", _server.UnixAddress, "--api-key", FakeServer.ApiKey);
        result.ExitCode.ShouldBe(0, result.Stderr);
        var lines = result.Stdout.Split('\n');
        lines[..3].ShouldBe(["ok  every transaction balances to zero", "16 receipts, 26 transactions", ""]);
        lines[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["SOURCE", "RESERVED", "USED", "OVERHEAD", "IDLE", "USED/RESERVED"]);
        lines[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["worker/vm", "cpu-s", "52.000", "0.520", "2.000", "49.480", "1.0", "%"]);
        lines[5].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["GiB-s", "4.000", "0.000", "1.000", "3.000", "0.0", "%"]);
    }

    [Fact]
    public async Task Verify_of_a_server_whose_books_are_wrong_says_where_and_fails()
    {
        _server.Proof = Answers.Proof with { Holds = false, Checks = [new LedgerCheckResponse("every receipt is posted once", 2000, ["transaction 7\u001b[2J"])] };
        var call = new CliCall
        {
            Arguments = ["ledger", "verify"],
            Environment = new Dictionary<string, string> { ["SANDCASTLE_SERVER"] = _server.UnixAddress, ["SANDCASTLE_API_KEY"] = FakeServer.ApiKey },
        };
        var result = await CliProgram.RunAsync(call);
        result.ExitCode.ShouldBe(1);
        result.Stdout.ShouldStartWith("!!  every receipt is posted once: 2,000 times not\n      transaction 7\uFFFD[2J\n");
        result = await CliProgram.RunAsync("ledger", "verify", "--server", _server.UnixAddress, "--api-key", FakeServer.ApiKey, "-o", "json");
        (result.ExitCode, JsonSerializer.Deserialize(result.Stdout, RestJson.Default.LedgerProofResponse)!.Checks.Single().Broken).ShouldBe((1, 2000));
    }

    [Theory]
    [InlineData("--data-dir=/tmp/x", "--server names whose ledger it is")]
    [InlineData("--ledger", "--server names whose ledger it is")]
    [InlineData("--tenant", "'--tenant' is no flag of ledger verify for a server")]
    public async Task Verify_of_a_server_takes_no_flag_of_a_ledger(string flag, string says)
    {
        var result = await CliProgram.RunAsync("ledger", "verify", "--server", _server.UnixAddress, "--api-key", FakeServer.ApiKey, flag, "x");
        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldContain(says);
    }

    [Fact]
    public async Task Verify_with_a_key_that_may_not_is_refused()
    {
        var result = await CliProgram.RunAsync("ledger", "verify", "--server", _server.UnixAddress, "--api-key", "e2b_no");
        result.ExitCode.ShouldBe(1);
        result.Stdout.ShouldBeEmpty();
    }
}
