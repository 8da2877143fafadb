using System.CommandLine;
using System.Text.Json;
using Sandcastle.Cli.Runs;
using Sandcastle.Cli.Servers;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle run</c>: one program, start to receipt.</summary>
internal sealed class RunCommand : Command
{
    private readonly RunFlags _flags = new();
    private readonly ServerOptions _server = new();

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print the receipt on stderr, in one line" };

    private readonly Option<string> _output = new Option<string>("--output", "-o")
    {
        Description = "json: print the whole answer, with output and receipt, when the run has ended",
        HelpName = "json",
    }.AcceptOnlyFromAmong("json");

    public RunCommand()
        : base("run", "Run a program in a sandbox of its own and exit as it does")
    {
        _flags.AddTo(this);
        Options.Add(_output);
        Options.Add(_verbose);
        _server.AddTo(this);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var request = _flags.Read(result);
        await using var session = _server.Open(result, cancellationToken);
        var json = result.GetValue(_output) is not null;
        var response = json
            ? await session.CallAsync(client => client.RunAsync(request, _flags.IdempotencyKey(result), cancellationToken), cancellationToken)
            : await WatchAsync(session, request with { Encoding = "base64" }, _flags.IdempotencyKey(result), cancellationToken);

        if (json)
        {
            PrintJson(response);
        }

        Download.Write(response.Files, Environment.CurrentDirectory);
        Comment(response, json, result.GetValue(_verbose));
        return ExitCodes.Of(response);
    }

    private static async Task<RunResponse> WatchAsync(
        ServerSession session, RunRequest request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        // The first event is awaited inside the call: until then nothing was shown, and another server may still be tried.
        await using var events = await session.CallAsync(async client =>
        {
            var stream = client.StreamAsync(request, idempotencyKey, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                await stream.MoveNextAsync();
                return stream;
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }, cancellationToken);
        return await CopyAsync(events);
    }

    private static async Task<RunResponse> CopyAsync(IAsyncEnumerator<RunEvent> events)
    {
        await using var stdout = Console.OpenStandardOutput();
        await using var stderr = Console.OpenStandardError();
        do
        {
            switch (events.Current)
            {
                case RunOutput { Stream: OutputStream.Stdout } output:
                    stdout.Write(output.Bytes.Span);
                    break;
                case RunOutput output:
                    stderr.Write(output.Bytes.Span);
                    break;
                case RunEnded ended:
                    return ended.Response;
            }
        }
        while (await events.MoveNextAsync());

        throw new ServerUnreachableException("the server ended the stream without a result");
    }

    private static void PrintJson(RunResponse response)
    {
        using var stdout = Console.OpenStandardOutput();
        stdout.Write(JsonSerializer.SerializeToUtf8Bytes(response, RestJson.Default.RunResponse));
        stdout.Write("\n"u8);
    }

    private static void Comment(RunResponse response, bool json, bool verbose)
    {
        string?[] lines =
        [
            json ? null : RunSummary.Explain(response),
            json ? null : RunSummary.Truncation(response),
            .. response.CollectErrors ?? [],
            verbose ? RunSummary.Receipt(response) : null,
        ];
        foreach (var line in lines.OfType<string>())
        {
            Messages.Write(line);
        }
    }
}
