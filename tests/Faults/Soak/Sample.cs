using Sandcastle.Faults.Looks;
using Sandcastle.Faults.Servers;

namespace Sandcastle.Faults.Soak;

/// <summary>What is there after so many runs, while nothing runs.</summary>
public sealed record Sample
{
    public required int Runs { get; init; }

    public required TimeSpan At { get; init; }

    public required Picture Picture { get; init; }

    public required DaemonMemory Memory { get; init; }

    /// <summary>Including the workers of .NET's thread pool.</summary>
    public required int Threads { get; init; }

    public required KernelMemory Kernel { get; init; }

    public static async Task<Sample> TakeAsync(Succession server, int runs, TimeSpan at, CancellationToken cancellationToken) => new()
    {
        Runs = runs,
        At = at,
        Picture = await Picture.SettledAsync(server, cancellationToken),
        Memory = DaemonMemory.Of(server.Current),
        Threads = Directory.GetDirectories($"/proc/{server.Current.Process.Id}/task").Length,
        Kernel = KernelMemory.Read(server),
    };
}
