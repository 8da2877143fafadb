using System.Text;
using System.Text.Json;
using Sandcastle.Conformance.Targets;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Conformance.Trials;

/// <summary>One attack on one target, judged by what can be seen from outside.</summary>
public static class Trial
{
    private static readonly string[] NobodysBusiness = ["root:", "PATH=", "SECRET"];

    /// <summary>Families after which a harmless run is looked at on every profile: there, each run costs a kernel's start.</summary>
    private static readonly string[] MayHarmOthers = ["exhaustion", "lies", "residue"];

    /// <summary>A program that does no harm: whether the target still works.</summary>
    private static readonly RunRequest Harmless = new() { Template = "python", Code = "print(1)" };

    /// <exception cref="Xunit.Sdk.SkipException">A template of the attack is not available on this machine.</exception>
    public static async Task<Verdict> RunAsync(ITarget target, Attack attack)
    {
        foreach (var template in TargetHome.Templates)
        {
            await target.RequireAsync(template);
        }

        var running = target.RunAsync(await AttackRequest.OfAsync(attack, target));
        var beside = attack.Beside is { } code ? target.RunAsync(new RunRequest { Template = "python", Code = code }) : null;
        var verdicts = new List<Verdict> { Judge(attack, target.Profile, await running) };
        if (beside is not null)
        {
            verdicts.Add(Judge("the neighbour", "", await beside));
        }

        if (attack.Then is { } then)
        {
            verdicts.Add(Judge("the next run", "held\n", await target.RunAsync(AttackRequest.WithPrelude(then))));
        }

        if (target.Profile != "gvisor" || MayHarmOthers.Contains(attack.Family))
        {
            verdicts.Add(Judge("a harmless run", "1\n", await target.RunAsync(Harmless)));
        }

        return verdicts.Find(verdict => verdict.Ending == Ending.Through) ?? verdicts.Find(verdict => verdict != Verdict.Held) ?? Verdict.Held;
    }

    private static Verdict Judge(Attack attack, string profile, RunResponse run)
    {
        var outcome = Word(run);
        var evidence = $"{outcome}: {run.Stdout}{run.Stderr}";
        if (run.Stdout.StartsWith("skip:", StringComparison.Ordinal))
        {
            return new Verdict(Ending.Untried, run.Stdout);
        }

        if (run.Files.FirstOrDefault(IsNobodysBusiness) is { } file)
        {
            return new Verdict(Ending.Through, $"collected {file.Path}");
        }

        if (run.Stdout.Contains("through", StringComparison.Ordinal) || (run.Outcome == Outcome.Succeeded && run.Stdout != attack.Silence))
        {
            return new Verdict(Ending.Through, evidence);
        }

        if (attack.ExpectIn(profile).Contains(outcome))
        {
            return Verdict.Held;
        }

        // A program that was stopped otherwise than promised went farther than it should; one that failed by itself tells nothing.
        return new Verdict(run.Outcome == Outcome.Failed ? Ending.Broken : Ending.Through, evidence);
    }

    private static Verdict Judge(string who, string stdout, RunResponse run) => (run.Outcome, run.Stdout) switch
    {
        (Outcome.Succeeded, var said) when said == stdout => Verdict.Held,
        (Outcome.Failed, _) => new Verdict(Ending.Broken, $"{who}: {Word(run)}: {run.Stdout}{run.Stderr}"),
        _ => new Verdict(Ending.Through, $"{who}: {Word(run)}: {run.Stdout}{run.Stderr}"),
    };

    private static string Word(RunResponse run) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{run.Outcome}");

    private static bool IsNobodysBusiness(RunFileContent file)
    {
        var content = file.ContentBase64 is { } base64 ? Encoding.UTF8.GetString(Convert.FromBase64String(base64)) : file.Content ?? "";
        return NobodysBusiness.Any(word => content.Contains(word, StringComparison.Ordinal));
    }
}
