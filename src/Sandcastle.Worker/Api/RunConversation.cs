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

    /// <summary>Stands in line for whatever the tape has when its turn comes: a word for each piece would cost a hundred bytes for each byte.</summary>
    private static readonly RunEvent Output = new();

    private readonly Channel<RunEvent> _words = Channel.CreateUnbounded<RunEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    // Bounded by the run's outputBytes: no more than those arrive here.
    private readonly OutputTape _tape = new();
    private readonly bool _live;
    private bool _asked;
    private bool _isInLine;

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

    public void OnStdout(ReadOnlySpan<byte> bytes) => Write(OutputKind.Stdout, bytes);

    public void OnStderr(ReadOnlySpan<byte> bytes) => Write(OutputKind.Stderr, bytes);

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
            if (ReferenceEquals(word, Output))
            {
                await WriteOutputAsync(events, cancellationToken);
            }
            else
            {
                await events.WriteAsync(word, cancellationToken);
            }
        }
    }

    private void Write(OutputKind kind, ReadOnlySpan<byte> bytes)
    {
        if (!_live)
        {
            return;
        }

        bool wasInLine;
        lock (_gate)
        {
            _tape.Append(kind, bytes);
            wasInLine = _isInLine;
            _isInLine = true;
        }

        if (!wasInLine)
        {
            Say(Output);
        }
    }

    private async Task WriteOutputAsync(IAsyncStreamWriter<RunEvent> events, CancellationToken cancellationToken)
    {
        var position = default(OutputPosition);
        while (Next(ref position) is { } word)
        {
            await events.WriteAsync(word, cancellationToken);
        }
    }

    /// <summary>Null when all is said, for now.</summary>
    private RunEvent? Next(ref OutputPosition position)
    {
        lock (_gate)
        {
            if (_tape.TryRead(ref position, out var chunk))
            {
                var bytes = ByteString.CopyFrom(chunk.Bytes.Span);
                return chunk.Kind == OutputKind.Stdout ? new RunEvent { Stdout = bytes } : new RunEvent { Stderr = bytes };
            }

            _tape.Clear();
            _isInLine = false;
            return null;
        }
    }
}
