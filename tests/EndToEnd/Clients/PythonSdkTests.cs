using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.EndToEnd.Clients;

/// <summary>sdk/python/sandcastle.py against a real daemon.</summary>
public sealed class PythonSdkTests(SharedDaemon server)
{
    [Fact]
    public async Task Run_stream_and_refusals_are_as_documented()
    {
        const string Program = """
            from sandcastle import *

            result = run("print(6 * 7)")
            assert (result.stdout, result.outcome, result.exit_code) == ("42\n", "succeeded", 0), result
            assert result.receipt["cpuMicros"] > 0 and result.template == "python"

            events = list(stream("import os; os.write(1, b'h\\xc3'); os.write(1, b'\\xa9'); os.write(2, b'e'); raise SystemExit(4)"))
            assert isinstance(events[0], Started) and isinstance(events[-1], Result) and events[-1].exit_code == 4
            assert "".join(e.text for e in events if isinstance(e, Output) and e.stream == "stdout") == "hé"

            copied = run(argv=["cp", "in", "out"], files={"in": b"\xff\x00"}, collect=["out"], timeout=10, memory_mib=64)
            assert copied.check().files == {"out": b"\xff\x00"}

            for event in stream("import time; print('x', flush=True); time.sleep(60)"):
                if isinstance(event, Output):
                    break

            with Sandcastle() as client:
                assert client.get(result.id).stdout == "42\n"
                assert "python" in [t["name"] for t in client.templates()]
                assert client.usage()["total"]["runs"] >= 2
                try:
                    client.run("x", "no-such")
                    assert False
                except UnknownTemplate as error:
                    assert "python" in str(error)
                try:
                    client.run("x", memory_mib=0, pids=0)
                    assert False
                except InvalidRequest as error:
                    assert {e["field"] for e in error.errors} == {"limits.memoryMiB", "limits.pids"}
            """;

        var result = await ClientProcess.RunAsync(server.Daemon, "/usr/bin/python3", "-W", "error", "-c", Program);

        result.ExitCode.ShouldBe(0, result.Stderr);
    }
}
