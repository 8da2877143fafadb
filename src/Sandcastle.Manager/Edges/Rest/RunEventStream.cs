using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>
/// A run as server-sent events: <c>queued</c> while it waits, <c>started</c>, <c>stdout</c> and <c>stderr</c> as they are written, then <c>result</c> or
/// <c>problem</c>. Nothing is sent before the program has its job, or the run waits, so that a refusal at once still has its HTTP status.
/// </summary>
internal sealed class RunEventStream(HttpContext context, Run run, TimeProvider clock)
{
    /// <summary>Proxies cut connections that say nothing, so a comment is sent to a caller whose program does.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly OutputText _stdout = new(run.Running.Base64);
    private readonly OutputText _stderr = new(run.Running.Base64);

    public async Task WriteAsync()
    {
        if (run.Output is { } log)
        {
            await FollowAsync(log, context.RequestAborted);
        }

        RunRecord ended;
        try
        {
            // Without output to follow, it is another manager's run: it goes on when its caller leaves.
            ended = await (run.Output is null ? run.Completion.WaitAsync(context.RequestAborted) : run.Completion);
        }
        catch (RefusalException e) when (context.Response.HasStarted)
        {
            await EndAsync(e.Refusal);
            return;
        }

        if (ended.Failure is { } failure)
        {
            throw new RefusalException(failure);
        }

        if (run.Output is null)
        {
            Replay(ended);
        }

        Write("stdout", _stdout.Rest());
        Write("stderr", _stderr.Rest());
        await WriteResultAsync(ended);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task WriteResultAsync(RunRecord ended)
    {
        if (!RunAnswer.IsLarge(ended))
        {
            Write("result", RunResponses.From(ended), RestBody.Json.RunResponse);
            return;
        }

        Begin("result");
        await RunAnswer.WriteJsonAsync(context.Response.BodyWriter, ended, context.RequestAborted);
        WriteRaw("\n\n"u8);
    }

    private async Task FollowAsync(OutputLog log, CancellationToken cancellationToken)
    {
        var position = default(OutputPosition);
        while (true)
        {
            var more = log.WaitAsync(position, cancellationToken);
            while (context.Response.HasStarted && !more.IsCompleted
                && await Task.WhenAny(more, Task.Delay(Silence, clock, cancellationToken)) != more)
            {
                WriteRaw(": still running\n\n"u8);
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            }

            if (!await more)
            {
                return;
            }

            while (log.TryRead(ref position, out var chunk))
            {
                Write(chunk);
            }

            await context.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    /// <summary>A run that had ended before this call began: its output as if it came now.</summary>
    private void Replay(RunRecord ended)
    {
        if (ended.Report is { } report)
        {
            Write(new OutputChunk(OutputKind.Started, default));
            Write(new OutputChunk(OutputKind.Stdout, report.Stdout));
            Write(new OutputChunk(OutputKind.Stderr, report.Stderr));
        }
    }

    private async Task EndAsync(Refusal refusal)
    {
        Write("problem", Problems.From(refusal), RestBody.Json.Problem);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(OutputChunk chunk)
    {
        switch (chunk.Kind)
        {
            case OutputKind.Queued:
                Write("queued", new QueuedEvent(run.Id.Value, chunk.Place), RestBody.Json.QueuedEvent);
                break;
            case OutputKind.Started:
                Write("started", new StartedEvent(run.Id.Value), RestBody.Json.StartedEvent);
                break;
            case OutputKind.Stdout:
                Write("stdout", _stdout.Decode(chunk.Bytes.Span));
                break;
            default:
                Write("stderr", _stderr.Decode(chunk.Bytes.Span));
                break;
        }
    }

    private void Write(string name, OutputEvent? output)
    {
        if (output is not null)
        {
            Write(name, output, RestBody.Json.OutputEvent);
        }
    }

    private void Write<T>(string name, T data, JsonTypeInfo<T> type)
    {
        Begin(name);

        // JSON escapes line breaks, so the data is one line whatever the program wrote.
        WriteRaw(JsonSerializer.SerializeToUtf8Bytes(data, type));
        WriteRaw("\n\n"u8);
    }

    private void Begin(string name)
    {
        var response = context.Response;
        if (!response.HasStarted && response.ContentType is null)
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            response.Headers["X-Accel-Buffering"] = "no";
        }

        WriteRaw("event: "u8);
        WriteRaw(Encoding.ASCII.GetBytes(name));
        WriteRaw("\ndata: "u8);
    }

    private void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        var writer = context.Response.BodyWriter;
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }
}
