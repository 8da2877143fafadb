using Sandcastle.Worker.Jails.Seccomp;

namespace Sandcastle.Worker.Tests.Seccomp;

public sealed class SeccompFilterTests
{
    [Fact]
    public async Task CompileAsync_shipped_policy_gives_program_without_warning()
    {
        var filter = await SeccompFilter.CompileAsync(
            SeccompPolicy.Load(Repository.PathTo("policy", "seccomp")),
            Repository.PathTo("artifacts", "native", "sandcastle-jail"),
            TestContext.Current.CancellationToken);

        filter.Warnings.ShouldBeEmpty();
    }
}
