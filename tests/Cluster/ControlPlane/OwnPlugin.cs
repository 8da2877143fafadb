using System.Diagnostics;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>kubectl-sandcastle, as its user starts it.</summary>
internal static class OwnPlugin
{
    private static string Program => Repository.PathTo("bin", "kubectl-sandcastle");

    internal static void Require() => Assert.SkipUnless(File.Exists(Program), "bin/kubectl-sandcastle is not built: make build");

    /// <summary>With its streams redirected; the caller disposes of it.</summary>
    internal static Process Start(string kubeconfig, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Program, ["--kubeconfig", kubeconfig, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(string kubeconfig, params string[] arguments)
    {
        using var process = Start(kubeconfig, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>What must succeed; its output.</summary>
    internal static async Task<string> ExpectAsync(string kubeconfig, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(kubeconfig, arguments);
        exitCode.ShouldBe(0, $"kubectl-sandcastle {string.Join(' ', arguments)}: {error}");
        return output;
    }
}
