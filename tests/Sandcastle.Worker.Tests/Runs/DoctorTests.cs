using Sandcastle.Worker.Diagnosis;

namespace Sandcastle.Worker.Tests.Runs;

public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Examine_a_machine_that_works_finds_nothing_missing_and_runs_a_program()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        _directory.Write("odd.yaml", "name: odd\nlanguage: python\npreload: [json, no_such_module]");

        var findings = await Doctor.ExamineAsync(Options(), TestContext.Current.CancellationToken);

        findings.Where(finding => finding.State == FindingState.Missing).ShouldBeEmpty();
        findings.Single(finding => finding.Name == "trial run").Detail.ShouldContain("ran in a slot of its own");
        var odd = findings.Single(finding => finding.Name == "template odd");
        (odd.State, odd.Cost).ShouldBe((FindingState.Degraded, "runs with it are refused"));
        odd.Detail.ShouldEndWith("has no module no_such_module");
    }

    [Fact]
    public async Task Examine_what_is_not_built_or_not_valid_is_missing()
    {
        _directory.Write("bad.yaml", "name: 1");

        var findings = await Doctor.ExamineAsync(
            Options() with { NativeDirectory = _directory.Location }, TestContext.Current.CancellationToken);

        findings.Where(finding => finding.State == FindingState.Missing).Select(finding => finding.Name)
            .ShouldBe(["jail", "templates", "trial run"], ignoreOrder: true);
    }

    public void Dispose() => _directory.Dispose();

    private WorkerOptions Options() => new()
    {
        DataDirectory = _directory.PathTo("data"),
        NativeDirectory = Repository.PathTo("artifacts", "native"),
        GuestDirectory = Repository.PathTo("guest"),
        PolicyDirectory = Repository.PathTo("policy", "seccomp"),
        TemplateDirectories = [_directory.Location],
    };
}
