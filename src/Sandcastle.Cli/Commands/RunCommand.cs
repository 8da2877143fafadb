using System.CommandLine;
using Sandcastle.Cli.Runs;
using Sandcastle.Cli.Servers;
using Sandcastle.Cli.Tables;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle run</c>: one program, start to receipt.</summary>
internal sealed class RunCommand : Command
{
    private readonly RunFlags _flags = new();
    private readonly IServerOptions _server;

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print the receipt on stderr, in one line" };

    private readonly Option<string> _output = new Option<string>("--output", "-o")
    {
        Description = "json: print the whole answer, with output and receipt, when the run has ended",
        HelpName = OutputFormat.Json,
    }.OneOf(OutputFormat.Json);

    public RunCommand(IServerOptions server)
        : base("run", "Run a program in a sandbox of its own and exit as it does")
    {
        _server = server;
        _flags.AddTo(this);
        Options.Add(_output);
        Options.Add(_verbose);
        _server.AddTo(this);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var request = _flags.Read(result);
        await using var session = _server.Open(result);
        return result.GetValue(_output) is null
            ? await WatchAsync(session, request, result, cancellationToken)
            : await WaitAsync(session, request, result, cancellationToken);
    }

    /// <summary>One JSON document when all is over.</summary>
    private async Task<int> WaitAsync(ServerSession session, RunRequest request, ParseResult result, CancellationToken cancellationToken)
    {
        var key = _flags.IdempotencyKey(result);
        var response = await session.CallAsync(client => client.RunAsync(request, key, cancellationToken), cancellationToken);
        StandardOutput.WriteJson(response, RestJson.Default.RunResponse);
        return Finish(RunEnding.Of(response), () => response, request, result);
    }

    /// <summary>Output as it is written, byte for byte.</summary>
    private async Task<int> WatchAsync(ServerSession session, RunRequest request, ParseResult result, CancellationToken cancellationToken)
    {
        var key = _flags.IdempotencyKey(result);
        var exact = request with { Encoding = "base64" };
        // The first event is awaited inside the call: until then nothing was shown, and another server may still be tried.
        await using var events = await session.CallAsync(async client =>
        {
            var stream = client.StreamAsync(exact, key, cancellationToken).GetAsyncEnumerator(cancellationToken);
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
        var ended = await CopyAsync(events, result.GetValue(_verbose));
        return Finish(ended.Ending, ended.ReadResponse, request, result, RunSummary.Explain(ended.Ending), RunSummary.Truncation(ended.Ending));
    }

    /// <summary>The streams have no buffer and are not ours to close.</summary>
    private static async Task<RunEnded> CopyAsync(IAsyncEnumerator<RunEvent> events, bool verbose)
    {
        Stream? stdout = null;
        Stream? stderr = null;
        do
        {
            switch (events.Current)
            {
                case RunQueued queued when verbose:
                    Messages.Write($"waiting in line, number {queued.Position}");
                    break;
                case RunOutput { Stream: OutputStream.Stdout } output:
                    (stdout ??= StandardStream.Open(StandardStream.Stdout)).Write(output.Bytes.Span);
                    break;
                case RunOutput output:
                    (stderr ??= StandardStream.Open(StandardStream.Stderr)).Write(output.Bytes.Span);
                    break;
                case RunEnded ended:
                    return ended;
            }
        }
        while (await events.MoveNextAsync());

        throw new ServerUnreachableException("the server ended the stream without a result");
    }

    /// <summary>Files, remarks and the exit code. The whole answer is read only where it is needed: its reading takes longer than this program's start.</summary>
    private int Finish(RunEnding ending, Func<RunResponse> read, RunRequest request, ParseResult result, params IEnumerable<string?> remarks)
    {
        foreach (var remark in remarks.OfType<string>())
        {
            Messages.Write(remark);
        }

        var verbose = result.GetValue(_verbose);
        if (verbose || request.Collect is not null)
        {
            var response = read();
            if (request.Collect is { } asked)
            {
                Download.Write(response.Files, asked, Environment.CurrentDirectory);
            }

            foreach (var line in response.CollectErrors ?? [])
            {
                Messages.Write(PlainText.Of($"--download: {line}"));
            }

            if (verbose)
            {
                Messages.Write(RunSummary.Receipt(response));
            }
        }

        return ExitCodes.Of(ending);
    }
}
