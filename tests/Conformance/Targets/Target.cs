using Sandcastle.Client;
using Sandcastle.EndToEnd.Hostile;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Conformance.Targets;

/// <summary>A daemon that is attacked.</summary>
public sealed class Target : IAsyncDisposable
{
    private readonly TargetHome _home;
    private readonly Daemon _daemon;
    private readonly SandcastleClient _client;
    private readonly Outside _before;

    private Target(string name, TargetHome home, Daemon daemon, SandcastleClient client, Outside before) =>
        (Name, _home, _daemon, _client, _before) = (name, home, daemon, client, before);

    /// <summary>What tells it from other targets.</summary>
    public string Name { get; }

    public string Profile => _home.Profile;

    public int Port => _daemon.Address.Port;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="name">What tells it from other targets.</param>
    /// <param name="home">Deleted with the target.</param>
    /// <param name="flags">More for the daemon's command line.</param>
    public static async Task<Target> StartAsync(string name, TargetHome home, params string[] flags)
    {
        var daemon = await Daemon.StartAtAsync(home.Path, flags);
        return new Target(name, home, daemon, daemon.Connect(), await Outside.LookAsync(daemon, Cancelled));
    }

    /// <summary>Skips a test, visibly, where a template is not available on this machine.</summary>
    public Task RequireAsync(string template) => _daemon.RequireAsync(template, Cancelled);

    public async Task<RunResponse> RunAsync(RunRequest request)
    {
        var run = await _client.RunAsync(request, cancellationToken: Cancelled);
        run.Profile.ShouldBe(Profile);
        return run;
    }

    /// <summary>What can be seen of the daemon now that could not be seen before its first attack; empty when nothing was left.</summary>
    public async Task<string> LeftoversAsync()
    {
        var after = await Outside.LookAsync(_daemon, CancellationToken.None);
        return after == _before ? "" : $"{Name}: {_before}, and afterwards {after}";
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _daemon.DisposeAsync();
        _home.Dispose();
    }
}
