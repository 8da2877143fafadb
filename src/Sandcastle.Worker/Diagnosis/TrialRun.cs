using Microsoft.Extensions.Logging.Abstractions;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Diagnosis;

/// <summary>The one check that cannot be wrong: a worker of its own makes a slot, runs a program in it, and leaves nothing behind.</summary>
internal static class TrialRun
{
    private const string Name = "trial run";
    private const string Cost = "nothing runs";

    private const string Template = """
        name: trial
        language: command
        command: [/bin/sh, -c, "{code}"]
        ready: 1
        """;

    internal static async Task<Finding> TryAsync(WorkerOptions options, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-trial-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "trial.yaml"), Template, cancellationToken);
            return await RunAsync(
                options with
                {
                    DataDirectory = Path.Combine(directory, "data"),
                    TemplateDirectories = [directory],
                    AllowUnenforced = ["memory", "pids", "cpu"],
                },
                cancellationToken);
        }
        catch (Exception e) when (e is WorkerStartException or IOException or UnauthorizedAccessException)
        {
            return new Finding(Name, FindingState.Missing, e.Message, Cost);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Finding> RunAsync(WorkerOptions options, CancellationToken cancellationToken)
    {
        await using var worker = new WorkerHost(options, TimeProvider.System, NullLogger<WorkerHost>.Instance);
        await worker.StartAsync(cancellationToken);
        try
        {
            var report = await worker.RunAsync(Order(), output: null, cancellationToken);
            return report.Outcome == Outcome.Succeeded
                ? new Finding(Name, FindingState.Found, $"a program ran in a slot of its own for {report.Timings.Ran.TotalMilliseconds:f1} ms (keep {report.Receipt.Keep})")
                : new Finding(Name, FindingState.Missing, $"/bin/sh ended as {report.Outcome}, exit code {report.ExitCode}", Cost);
        }
        catch (RefusalException e)
        {
            return new Finding(Name, FindingState.Missing, e.Refusal.Detail, Cost);
        }
    }

    private static RunOrder Order() => new()
    {
        Id = RunId.New(),
        Tenant = "doctor",
        Template = "trial",
        Code = "exit 0"u8.ToArray(),
        Limits = RunLimits.Default,
        AcceptedTimestamp = TimeProvider.System.GetTimestamp(),
    };
}
