using System.Net;
using System.Net.Sockets;
using Sandcastle.Conformance.Targets;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Conformance.Bubblewrap;

/// <summary>
/// A judge of the suite itself: another's jail, around the same programs, on the same small root, with the same filter. An attack that
/// gets through here is wrong, or is one that bubblewrap by design does not hold, and says so (<c>bubblewrap</c>).
/// </summary>
public sealed class BubblewrapTarget : ITarget
{
    public const string ProfileName = "bubblewrap";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly BubblewrapJail _jail;

    private BubblewrapTarget(BubblewrapJail jail)
    {
        _jail = jail;
        _listener.Start();
    }

    public string Name => ProfileName;

    public string Profile => ProfileName;

    public TimeSpan Patience => TimeSpan.FromSeconds(60);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static async Task<ITarget> StartAsync() => new BubblewrapTarget(await BubblewrapJail.PrepareAsync());

    /// <summary>What it does not claim to hold; null for what it does.</summary>
    public static string? WhyNot(Attack attack) => attack switch
    {
        { Family: "exhaustion" } => "bubblewrap sets no limits",
        { Collect.Count: > 0 } => "bubblewrap collects no files",
        _ => attack.Bubblewrap,
    };

    public Task RequireAsync(string template)
    {
        Assert.SkipUnless(BubblewrapJail.IsInstalled, "bwrap is not installed");
        return Task.CompletedTask;
    }

    public Task<RunResponse> RunAsync(RunRequest request) => _jail.RunAsync(request);

    public Task<string> LeftoversAsync() => Task.FromResult("");

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _jail.Dispose();
        return ValueTask.CompletedTask;
    }
}
