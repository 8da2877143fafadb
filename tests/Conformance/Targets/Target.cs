using Sandcastle.Client;
using Sandcastle.EndToEnd.Hostile;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Conformance.Targets;

/// <summary>A daemon that is attacked.</summary>
public sealed class Target : ITarget
{
    private readonly TargetHome _home;
    private readonly Daemon _daemon;
    private readonly SandcastleClient _client;
    private readonly Outside? _before;

    private Target(string name, TargetHome home, Daemon daemon, SandcastleClient client, Outside? before) =>
        (Name, _home, _daemon, _client, _before) = (name, home, daemon, client, before);

    public string Name { get; }

    public string Profile => _home.Profile;

    public TimeSpan Patience => TimeSpan.FromSeconds(_home.IsWeak ? 10 : 60);

    public int Port => _daemon.Address.Port;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="name">What tells it from other targets.</param>
    /// <param name="home">Deleted with the target.</param>
    /// <param name="flags">More for the daemon's command line.</param>
    public static async Task<ITarget> StartAsync(string name, TargetHome home, params string[] flags)
    {
        var daemon = await StartDaemonAsync(home, flags);
        // A jail without some wall promises to leave nothing behind as little as the rest.
        var before = home.IsWeak ? null : await Outside.LookAsync(daemon, Cancelled);
        return new Target(name, home, daemon, daemon.Connect(), before);
    }

    /// <inheritdoc/>
    /// <remarks>A jail without some wall that makes no slot is wrongly built, and skips nothing.</remarks>
    public async Task RequireAsync(string template)
    {
        if (!_home.IsWeak)
        {
            await _daemon.RequireAsync(template, Cancelled);
            return;
        }

        var found = (await _client.GetTemplatesAsync(Cancelled)).Single(t => t.Name == template);
        found.Available.ShouldBeTrue(found.Reason);
    }

    public async Task<RunResponse> RunAsync(RunRequest request)
    {
        var run = await _client.RunAsync(request, cancellationToken: Cancelled);
        run.Profile.ShouldBe(Profile);
        return run;
    }

    public async Task<string> LeftoversAsync()
    {
        if (_before is null)
        {
            return "";
        }

        var after = await Outside.LookAgainAsync(_daemon, _before, CancellationToken.None);
        return after == _before ? "" : $"{Name}: {_before}, and afterwards {after}";
    }

    private static async Task<Daemon> StartDaemonAsync(TargetHome home, string[] flags)
    {
        try
        {
            return await Daemon.StartThroughAtAsync(home.Launcher, home.Path, flags);
        }
        catch
        {
            home.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _daemon.DisposeAsync();
        _home.Dispose();
    }
}
