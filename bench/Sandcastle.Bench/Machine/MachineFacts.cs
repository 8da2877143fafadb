using System.Runtime.InteropServices;
using Sandcastle.Bench.Processes;

namespace Sandcastle.Bench.Machine;

/// <summary>Where and on what the figures were taken.</summary>
internal sealed record MachineFacts
{
    /// <summary>Processors that this process may use.</summary>
    public required int Cores { get; init; }

    public required string CpuModel { get; init; }

    public required string Architecture { get; init; }

    public required string Kernel { get; init; }

    public required double MemoryGiB { get; init; }

    /// <summary><c>v1</c>, <c>v2</c> or <c>hybrid</c>.</summary>
    public required string Cgroups { get; init; }

    /// <summary>Over the minute before the start.</summary>
    public required double LoadAverageAtStart { get; init; }

    public required string Python { get; init; }

    public required string Runtime { get; init; }

    public required bool NsjailInstalled { get; init; }

    public required bool Root { get; init; }

    /// <summary>Commit measured; ends with <c>-dirty</c> where files differ from it.</summary>
    public required string Commit { get; init; }

    public static async Task<MachineFacts> ReadAsync(Spawner spawner, CancellationToken cancellationToken)
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]);
        var changes = await SayAsync("git", "-C", Repository.Root, "status", "--porcelain", "--untracked-files=no");
        return new MachineFacts
        {
            Cores = Environment.ProcessorCount,
            CpuModel = ColonField("/proc/cpuinfo", "model name") ?? "unknown",
            Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            MemoryGiB = Math.Round(SystemMemory.Read("MemTotal") / (double)(1L << 30), 1),
            Cgroups = CgroupMounts.Mode,
            LoadAverageAtStart = load,
            Python = await SayAsync(Programs.Python, "--version"),
            Runtime = RuntimeInformation.FrameworkDescription,
            NsjailInstalled = Programs.Nsjail() is not null,
            Root = Linux.Processes.OwnProcess.EffectiveUid == 0,
            Commit = await SayAsync("git", "-C", Repository.Root, "rev-parse", "--short=12", "HEAD") + (changes.Length > 0 ? "-dirty" : ""),
        };

        async Task<string> SayAsync(string program, params string[] arguments)
        {
            if ((program.StartsWith('/') ? program : Programs.Find(program)) is not { } path)
            {
                return "unknown";
            }

            var said = await spawner.TryRunAsync(new SpawnJob { Argv = [path, .. arguments] }, cancellationToken);
            return said.Failed == 0 ? said.Output.Trim() : "unknown";
        }
    }

    private static string? ColonField(string path, string name) => File.ReadLines(path)
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
