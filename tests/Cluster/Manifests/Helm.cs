using System.Diagnostics;

namespace Sandcastle.Cluster.Manifests;

/// <summary>The real helm, where there is one: SANDCASTLE_HELM, or the first in PATH.</summary>
internal static class Helm
{
    private static readonly string? Program = Environment.GetEnvironmentVariable("SANDCASTLE_HELM") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, "helm"))
            .FirstOrDefault(File.Exists);

    /// <summary>Skips the test, visibly, where there is none.</summary>
    internal static void Require() => Assert.SkipWhen(Program is null, "helm is not in PATH, and SANDCASTLE_HELM does not name it");

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["KUBECONFIG"] = "/dev/null";
        start.Environment["HOME"] = "/nonexistent";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>What must succeed; its output.</summary>
    internal static async Task<string> ExpectAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);
        exitCode.ShouldBe(0, $"helm {string.Join(' ', arguments)}: {error}{output}");
        return output;
    }
}
