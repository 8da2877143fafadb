using System.Text.Json;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Bench.Servers;

/// <summary>An answer as it came, and when: read only after the clock was stopped.</summary>
/// <param name="SentTimestamp">Before the first byte of the request.</param>
/// <param name="EndTimestamp">After the last byte of the answer.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The answer's body.</param>
internal sealed record WireAnswer(long SentTimestamp, long EndTimestamp, int Status, byte[] Body)
{
    public double Milliseconds => System.Diagnostics.Stopwatch.GetElapsedTime(SentTimestamp, EndTimestamp).TotalMilliseconds;

    /// <exception cref="BenchException">It is no result, or another one than it must be.</exception>
    public RunResponse Result(string? expectedStdout)
    {
        if (Status != 200)
        {
            throw new BenchException($"the server answered {Status}: {System.Text.Encoding.UTF8.GetString(Body)}");
        }

        var result = JsonSerializer.Deserialize(Body, RestJson.Default.RunResponse)!;
        return result.Outcome == Outcome.Succeeded && (expectedStdout is null || result.Stdout == expectedStdout)
            ? result
            : throw new BenchException($"the run ended as {result.Outcome}, exit code {result.ExitCode}, with '{result.Stdout}' and '{result.Stderr}'");
    }
}
