using System.Text.Json;
using Sandcastle.Cli;

namespace Sandcastle.Kubectl.Objects;

/// <summary>How long a watch waits for an API server that has gone away, and how often it knocks.</summary>
internal sealed class WatchPatience(TimeProvider clock)
{
    /// <summary>An API server that restarts is back within this time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long? _since;

    /// <summary>Like <see cref="IAsyncEnumerator{T}.MoveNextAsync"/>; false also when the API server cannot be reached, unless that has been so for too long.</summary>
    public async ValueTask<bool> NextAsync(IAsyncEnumerator<JsonElement> changes)
    {
        try
        {
            var more = await changes.MoveNextAsync();
            _since = null;
            return more;
        }
        catch (CommandException e) when (e.ExitCode == ExitCodes.Unavailable && (_since is not { } since || clock.GetElapsedTime(since) < Limit))
        {
            if (_since is null)
            {
                _since = clock.GetTimestamp();
                Messages.Write($"{e.Message}; waiting for it");
            }

            return false;
        }
    }

    /// <summary>A watch that was open for a while is taken up again at once; one that ended as it began is not hammered at.</summary>
    public Task PauseAsync(long opened, CancellationToken cancellationToken) =>
        clock.GetElapsedTime(opened) < Pause ? Task.Delay(Pause, clock, cancellationToken) : Task.CompletedTask;
}
