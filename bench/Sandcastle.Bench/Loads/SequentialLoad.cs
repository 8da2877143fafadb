using Sandcastle.Bench.Servers;

namespace Sandcastle.Bench.Loads;

/// <summary>One client on one connection, that sends its next run when it has the answer to the last.</summary>
internal sealed class SequentialLoad(BenchServer server, Work work, string? key = null) : IDisposable
{
    private readonly WireClient _client = server.Connect();
    private readonly ReadOnlyMemory<byte> _request = server.Request(work.Request, key);

    public IReadOnlyList<RunSample> Run(int count, CancellationToken cancellationToken) =>
        Read(Send(count, static () => false, cancellationToken));

    /// <summary>Goes on until <paramref name="count"/> answers or until told to stop, asked before each request.</summary>
    public List<WireAnswer> Send(int count, Func<bool> stop, CancellationToken cancellationToken)
    {
        var answers = new List<WireAnswer>();
        while (answers.Count < count && !stop())
        {
            cancellationToken.ThrowIfCancellationRequested();
            answers.Add(_client.Send(_request));
        }

        return answers;
    }

    /// <summary>For when the clock stands: reading an answer costs more than receiving it.</summary>
    public IReadOnlyList<RunSample> Read(IEnumerable<WireAnswer> answers) =>
        [.. answers.Select(answer => new RunSample(answer.Milliseconds, answer.Result(work.Stdout)))];

    public void Dispose() => _client.Dispose();
}
