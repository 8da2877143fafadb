using Microsoft.AspNetCore.Http;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Sdk;

/// <summary>sdk/python/sandcastle.py, in the system's Python, against a server that runs nothing.</summary>
public sealed class PythonSdkTests : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private FakeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_result_and_request_are_whole(bool unix)
    {
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded with
        {
            Encoding = "base64",
            Stdout = "w6k/",
            Stderr = "/w==",
            Files = [new RunFileContent { Path = "a", ContentBase64 = "/wA=" }],
        });

        await CheckAsync(unix, """
            r = run("print(1)", "python", args=["a"], stdin="in", env={"K": "v"}, files={"t": "text", "b": b"\xff"}, collect=["*"],
                    timeout=1.5, memory_mib=64, cpus=0.5, metadata={"m": "1"}, require_keep="builtin", idempotency_key="key")
            assert r.ok and r.check() is r
            assert r.stdout == "é?" and r.stdout_bytes == "é?".encode() and r.stderr == "\ufffd" and r.stderr_bytes == b"\xff"
            assert r.files == {"a": b"\xff\x00"} and r.receipt["cpuMicros"] == 1000 and r.timings["totalMs"] == 1.5
            assert r.exit_code == 0 and r.signal is None and (r.template, r.profile, r.keep, r.worker) == ("python", "fork", "builtin", "fake")
            """);

        _server.IdempotencyKeys.Single().ShouldBe("key");
        _server.Runs.Single().ShouldBeEquivalentTo(new RunRequest
        {
            Template = "python",
            Code = "print(1)",
            Args = new List<string> { "a" },
            Stdin = "in",
            Env = new Dictionary<string, string> { ["K"] = "v" },
            Files = new List<RunFileContent> { new() { Path = "t", Content = "text" }, new() { Path = "b", ContentBase64 = "/w==" } },
            Limits = new LimitsRequest { TimeoutMs = 1500, MemoryMiB = 64, Cpus = 0.5 },
            Collect = new List<string> { "*" },
            Metadata = new Dictionary<string, string> { ["m"] = "1" },
            Encoding = "base64",
            RequireKeep = "builtin",
        });
    }

    [Fact]
    public async Task Local_servers_key_is_for_addresses_of_this_machine_and_not_for_names_that_look_like_one()
    {
        await CheckAsync(unix: true, """
            import sandcastle
            local = lambda address: sandcastle._Address(address).is_local
            assert all(map(local, ["unix:/x", "127.0.0.1:1", "http://127.1.2.3", "http://[::1]:80", "localhost:1"]))
            assert not any(map(local, ["127.0.0.1.example.org:1", "http://127.example.org", "https://localhost.example.org", "10.0.0.1:1", "http://0:1"]))
            """);
    }

    [Fact]
    public async Task Stream_events_come_in_order_and_never_split_a_character()
    {
        _server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context, "run_1");
            await context.Response.WriteAsync(": still running\n\n");
            await Answers.EventAsync(context, "stdout", Answers.Exact(0x68, 0xc3), RestJson.Default.OutputEvent);
            await Answers.EventAsync(context, "stdout", Answers.Exact(0xa9), RestJson.Default.OutputEvent);
            await Answers.EventAsync(context, "stderr", Answers.Exact("e"u8), RestJson.Default.OutputEvent);
            await Answers.EventAsync(context, "result", Answers.Succeeded, RestJson.Default.RunResponse);
        };

        await CheckAsync(unix: true, """
            started, a, b, c, result = list(stream("x"))
            assert started == Started("run_1")
            assert (a, b, c) == (Output("stdout", b"h\xc3", "h"), Output("stdout", b"\xa9", "é"), Output("stderr", b"e", "e"))
            assert isinstance(result, Result) and result.outcome == "succeeded"
            """);
    }

    [Fact]
    public async Task Stream_left_early_closes_the_connection()
    {
        _server.OnRun = async (context, _) =>
        {
            await Answers.BeginAsync(context);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await CheckAsync(unix: false, """
            for event in stream("x"):
                break
            """);

        await _server.ClientGone.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Refusals_are_typed()
    {
        _server.OnRun = (context, _) =>
        {
            context.Response.Headers.RetryAfter = "3";
            return Answers.RefuseAsync(context, 503, RefusalKind.NoCapacity, "every slot is taken", new FieldError("f", "m"));
        };

        await CheckAsync(unix: true, """
            for call in (lambda: run("x"), lambda: list(stream("x"))):
                try:
                    call()
                    assert False
                except NoCapacity as e:
                    assert (str(e), e.status, e.kind, e.retry_after) == ("every slot is taken", 503, "no_capacity", 3.0)
                    assert e.errors == [{"field": "f", "message": "m"}] and isinstance(e, RefusedError) and isinstance(e, SandcastleError)
            try:
                run("x", api_key="wrong")
                assert False
            except Unauthenticated:
                pass
            try:
                run("x", server="unix:/tmp/there-is-no-such.sock")
                assert False
            except ConnectionFailed as e:
                assert "no-such" in str(e)
            try:
                run("x", memory=1)
                assert False
            except TypeError as e:
                assert "memory" in str(e)
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_refused_before_all_of_it_was_read_says_so(bool unix)
    {
        await CheckAsync(unix, """
            with Sandcastle() as client:
                for _ in range(2):  # on a connection that is new, and on one that is kept
                    try:
                        client.run("x", stdin="x" * 32_000_000)  # more than a listener takes by default
                        assert False
                    except RefusedError as e:
                        assert e.status == 413 and not isinstance(e, InternalError)
                    client.run("x")
            """);
    }

    [Fact]
    public async Task Run_text_and_keys_arrive_as_they_are()
    {
        await CheckAsync(unix: true, """
            run("x", stdin="ж日".encode(), idempotency_key="")
            try:
                run("x", stdin=b"\xff")
                assert False
            except UnicodeDecodeError:
                pass
            """);

        _server.Bodies.Single().ShouldContain("ж日");
        _server.IdempotencyKeys.Single().ShouldBe("");
        _server.KeyCounts.Single().ShouldBe(1, "an empty key is the server's to refuse, and not none");
    }

    [Fact]
    public async Task Client_other_calls_are_answered_and_connections_reused()
    {
        await CheckAsync(unix: true, """
            with Sandcastle() as client:
                assert client.get("run_x").id == "run_x"
                client.cancel("run_y")
                assert [t["name"] for t in client.templates()] == ["python", "python-data"]
                assert client.usage(since="2026-05-01T00:00:00Z")["total"]["runs"] == 3
                assert len(client._idle) == 1
            """);

        _server.Cancelled.ShouldBe(["run_y"]);
    }

    [Fact]
    public async Task Stream_that_ends_without_a_result_is_said()
    {
        _server.OnRun = (context, _) => Answers.BeginAsync(context);

        await CheckAsync(unix: true, """
            try:
                list(stream("x"))
                assert False
            except ConnectionFailed:
                pass
            """);
    }

    private async Task CheckAsync(bool unix, string program)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed");
        var result = await CliProgram.RunAsync(new CliCall
        {
            Program = Python,
            Arguments = ["-W", "error", "-c", "from sandcastle import *\n" + program],
            Environment = new Dictionary<string, string>
            {
                ["PYTHONPATH"] = Path.Combine(Repository.Root, "sdk", "python"),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
                ["SANDCASTLE_SERVER"] = unix ? _server.UnixAddress : _server.TcpAddress,
                ["SANDCASTLE_API_KEY"] = FakeServer.ApiKey,
            },
        });
        result.ExitCode.ShouldBe(0, result.Stderr);
    }
}
