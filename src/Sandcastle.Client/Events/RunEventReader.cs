using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sandcastle.Client.Json;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Client.Events;

/// <summary>Turns the server-sent events of <c>POST /v1/runs</c> into <see cref="RunEvent"/>s. Events of a name it does not know are passed over.</summary>
internal static class RunEventReader
{
    /// <exception cref="SandcastleException">The stream brought a problem instead of a result.</exception>
    /// <exception cref="ServerUnreachableException">The stream ended before its result.</exception>
    public static async IAsyncEnumerable<RunEvent> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var events = SseParser.Create(body, Parse).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events))
        {
            if (events.Current.Data is not { } runEvent)
            {
                continue;
            }

            yield return runEvent;
            if (runEvent is RunEnded)
            {
                yield break;
            }
        }

        throw new ServerUnreachableException("the server closed the connection before the run's result");
    }

    /// <summary>A connection that breaks is a server that has gone.</summary>
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<RunEvent?>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (IOException e)
        {
            throw new ServerUnreachableException($"the connection broke before the run's result: {e.Message}", e);
        }
    }

    /// <summary>An event has no headers; what they would say of when to come back is in the problem.</summary>
    private static SandcastleException Refused(Problem problem) =>
        new(problem, problem.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private static RunEvent? Parse(string name, ReadOnlySpan<byte> data) => name switch
    {
        "stdout" => new RunOutput(OutputStream.Stdout, EventJson.Output(data)),
        "stderr" => new RunOutput(OutputStream.Stderr, EventJson.Output(data)),
        "queued" => EventJson.Queued(data),
        "started" => new RunStarted(EventJson.StartedId(data)),
        "result" => new RunEnded(data),
        "problem" => throw Refused(JsonSerializer.Deserialize(data, ClientJson.Context.Problem)!),
        _ => null,
    };
}
