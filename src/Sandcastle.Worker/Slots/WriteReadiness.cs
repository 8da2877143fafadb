using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;

namespace Sandcastle.Worker.Slots;

/// <summary>Waits until a descriptor takes more, or its reader is gone.</summary>
internal sealed class WriteReadiness : IReactorHandler
{
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal static async Task WaitAsync(Reactor reactor, Fd fd, CancellationToken cancellationToken)
    {
        var readiness = new WriteReadiness();
        using var registration = reactor.Register(fd, EpollEvents.Writable | EpollEvents.OneShot, readiness);
        await readiness._source.Task.WaitAsync(cancellationToken);
    }

    public void OnReady(EpollEvents events) => _source.TrySetResult();
}
