using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.EndToEnd.Clients;

/// <summary><c>sandcastle mcp</c> as an agent's host starts it: JSON-RPC on stdin and stdout.</summary>
public sealed class McpTests(SharedDaemon server)
{
    [Fact]
    public async Task Mcp_over_stdio_runs_code_and_commands()
    {
        const string Program = """
            import json, subprocess, sys

            mcp = subprocess.Popen([sys.argv[1], "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            count = 0

            def send(method, params, **id):
                print(json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **id}), file=mcp.stdin, flush=True)

            def call(method, params):
                global count
                count += 1
                send(method, params, id=count)
                answer = json.loads(mcp.stdout.readline())
                assert answer["id"] == count, answer
                return answer["result"]

            hello = call("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}})
            assert hello["serverInfo"]["name"] == "sandcastle" and "tools" in hello["capabilities"]
            send("notifications/initialized", {})
            tools = {tool["name"]: tool for tool in call("tools/list", {})["tools"]}
            assert tools.keys() == {"run_code", "run_command"} and "outputSchema" in tools["run_code"]
            code = call("tools/call", {"name": "run_code", "arguments": {"code": "print(6 * 7)"}})
            assert (code["structuredContent"]["outcome"], code["structuredContent"]["stdout"]) == ("succeeded", "42\n")
            command = call("tools/call", {"name": "run_command", "arguments": {"argv": ["sh", "-c", "exit 3"]}})
            assert (command["structuredContent"]["outcome"], command["structuredContent"]["exitCode"]) == ("failed", 3)
            wrong = call("tools/call", {"name": "run_code", "arguments": {"code": "x", "template": "no-such"}})
            assert wrong["isError"] and "unknown_template" in wrong["content"][0]["text"]
            mcp.stdin.close()
            assert mcp.wait(30) == 0
            """;

        var result = await ClientProcess.RunAsync(server.Daemon, "/usr/bin/python3", "-c", Program, ClientProcess.Cli);

        result.ExitCode.ShouldBe(0, result.Stderr);
    }
}
