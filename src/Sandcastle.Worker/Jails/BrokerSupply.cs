using Sandcastle.Linux.Epoll;

namespace Sandcastle.Worker.Jails;

/// <summary>The broker, or a new one where it has died.</summary>
/// <param name="program">sandcastle-jail.</param>
/// <param name="socketPath">Where it finds us.</param>
/// <param name="reactor">On whose thread it is heard.</param>
/// <param name="onStarted">Gets the pid of each, before it is asked for anything.</param>
/// <param name="onLine">Gets what it writes on stderr.</param>
internal sealed class BrokerSupply(string program, string socketPath, Reactor reactor, Action<int> onStarted, Action<string> onLine) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Broker? _broker;

    internal async Task<Broker> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_broker is not { IsLost: false })
            {
                _broker?.Dispose();
                _broker = null; // where no other can be started, it must not be disposed of again
                _broker = await Broker.StartAsync(program, socketPath, reactor, onLine, cancellationToken);
                onStarted(_broker.Pid);
            }

            return _broker;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _broker?.Dispose();
        _gate.Dispose();
    }
}
