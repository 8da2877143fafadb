using Sandcastle.Protocol.Rest;

namespace Sandcastle.Conformance.Targets;

/// <summary>What is attacked.</summary>
public interface ITarget : IAsyncDisposable
{
    /// <summary>What tells it from other targets.</summary>
    string Name { get; }

    string Profile { get; }

    /// <summary>Where something outside listens, which no attack may reach.</summary>
    int Port { get; }

    /// <summary>How long an attack may take that nothing else ends.</summary>
    TimeSpan Patience { get; }

    /// <summary>Skips a test, visibly, where a template is not available on this machine.</summary>
    Task RequireAsync(string template);

    Task<RunResponse> RunAsync(RunRequest request);

    /// <summary>What can be seen of it now that could not be seen before its first attack; empty when nothing was left.</summary>
    Task<string> LeftoversAsync();
}
