using Sandcastle.Client;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Kubectl.Proxy;

/// <summary>The manager's leave to speak to one worker. Asked for when it is needed, and used for the first half of its minute.</summary>
internal sealed class WorkerTicket(SandcastleClient manager, WorkerReference worker, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Use = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _one = new(1);
    private TicketResponse? _ticket;
    private long _since;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_ticket is null || clock.GetElapsedTime(_since) >= Use)
            {
                _since = clock.GetTimestamp();
                _ticket = await manager.CreateTicketAsync(new TicketRequest { Worker = worker.Pod, Namespace = worker.Namespace }, cancellationToken);
            }

            return _ticket.Ticket;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
