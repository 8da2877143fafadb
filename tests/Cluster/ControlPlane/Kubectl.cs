using System.Diagnostics;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>kubectl, as its user sees it.</summary>
internal static class Kubectl
{
    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(string? kubeconfig, params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Assets.PathTo("kubectl"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["KUBECONFIG"] = kubeconfig ?? "/dev/null";
        start.Environment["HOME"] = "/nonexistent";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>What must succeed; its output.</summary>
    internal static async Task<string> ExpectAsync(string? kubeconfig, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(kubeconfig, arguments);
        exitCode.ShouldBe(0, $"kubectl {string.Join(' ', arguments)}: {error}");
        return output;
    }
}
