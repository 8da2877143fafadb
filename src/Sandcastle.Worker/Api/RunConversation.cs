using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Sandcastle.Link.V1;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Runs;

namespace Sandcastle.Worker.Api;

/// <summary>What a worker says to a manager about one run, in order: the reactor's thread only puts words in line, another writes them.</summary>
internal sealed class RunConversation : IRunOutput, IStartPermission
{
    private static readonly RunEvent Prepared = new() { Prepared = new Prepared() };
    private static readonly RunEvent Started = new() { Started = new Started() };

    // Bounded by the run's outputBytes: no more than those arrive here.
    private readonly Channel<RunEvent> _words = Channel.CreateUnbounded<RunEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _live;
    private bool _asked;

    internal RunConversation(bool live) => _live = live;

    public Task AskAsync(CancellationToken cancellationToken)
    {
        if (!_asked)
        {
            _asked = true;
            Say(Prepared);
        }

        return _go.Task.WaitAsync(cancellationToken);
    }

    public void OnStarted()
    {
        if (_live)
        {
            Say(Started);
        }
    }

    public void OnStdout(ReadOnlySpan<byte> bytes)
    {
        if (_live)
        {
            Say(new RunEvent { Stdout = ByteString.CopyFrom(bytes) });
        }
    }

    public void OnStderr(ReadOnlySpan<byte> bytes)
    {
        if (_live)
        {
            Say(new RunEvent { Stderr = ByteString.CopyFrom(bytes) });
        }
    }

    internal void Go() => _go.TrySetResult();

    internal void Say(RunEvent word) => _words.Writer.TryWrite(word);

    /// <summary>The last word.</summary>
    internal void End(RunEvent word)
    {
        Say(word);
        _words.Writer.TryComplete();
    }

    /// <summary>Nothing more is said.</summary>
    internal void Close() => _words.Writer.TryComplete();

    internal async Task WriteAsync(IAsyncStreamWriter<RunEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var word in _words.Reader.ReadAllAsync(cancellationToken))
        {
            await events.WriteAsync(word, cancellationToken);
        }
    }
}
