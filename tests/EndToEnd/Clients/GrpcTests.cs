using System.Text.RegularExpressions;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Client.Grpc;
using Sandcastle.Client.Servers;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.EndToEnd.Clients;

/// <summary>gRPC of a real daemon: on a port of its own, on a socket, and as gRPC-Web beside REST.</summary>
public sealed partial class GrpcTests
{
    private static readonly RunRequest Endless = new() { Template = "python", Code = "print(1, flush=True)\nwhile True: pass" };

    [Fact]
    public async Task Grpc_on_its_own_port_and_on_the_rest_port_runs_streams_and_kills()
    {
        await using var daemon = await Daemon.StartSmallAsync("--grpc-listen", "127.0.0.1:0");
        await daemon.SettleAsync(TestContext.Current.CancellationToken);
        var native = ServerAddress.Parse(NativePattern().Match(daemon.Log).Groups["address"].Value);
        await TryAsync(daemon, native, GrpcWire.Native);
        await TryAsync(daemon, ServerAddress.Parse(daemon.Address.ToString()), GrpcWire.Web);
    }

    [Fact]
    public async Task Grpc_on_a_unix_socket_is_its_owners()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"sandcastle-{Guid.NewGuid():N}.sock");
        await using var daemon = await Daemon.StartSmallAsync("--grpc-listen", $"unix:{socket}");
        await daemon.SettleAsync(TestContext.Current.CancellationToken);
        File.GetUnixFileMode(socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await TryAsync(daemon, ServerAddress.Unix(socket), GrpcWire.Native);
    }

    private static async Task TryAsync(Daemon daemon, ServerAddress address, GrpcWire wire)
    {
        using var client = new GrpcSandcastleClient(new SandcastleClientOptions { Server = address, ApiKey = daemon.ApiKey }, wire);
        var run = await client.RunAsync(new RunRequest { Template = "python", Code = "print(6 * 7)" }, cancellationToken: TestContext.Current.CancellationToken);
        (run.Outcome, run.Stdout).ShouldBe((Outcome.Succeeded, "42\n"));
        run.Receipt!.CpuMicros.ShouldBeGreaterThan(0);

        var id = "";
        await foreach (var happened in client.StreamAsync(Endless, cancellationToken: TestContext.Current.CancellationToken))
        {
            id = happened is RunStarted started ? started.Id : id;
            if (happened is RunOutput)
            {
                break;
            }
        }

        await daemon.SettleAsync(TestContext.Current.CancellationToken);
        Outcome? outcome;
        while ((outcome = (await client.GetRunAsync(id, TestContext.Current.CancellationToken)).Outcome) is null)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        outcome.ShouldBe(Outcome.Cancelled);
    }

    [GeneratedRegex(@"gRPC on (?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NativePattern();
}
