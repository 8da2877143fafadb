using Sandcastle.Daemon.Roles;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Templates;
using Sandcastle.Operator.Workers;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Daemon.Tests;

public sealed class ClusterPoolsTests
{
    private const string Limits = """
        {"default":{"timeoutMs":1500,"cpus":0.5,"memoryMiB":300,"pids":20,"diskMiB":50,"diskInodes":1000,"outputKiB":64,"openFiles":100},
         "maximum":{"timeoutMs":9000,"cpus":2,"memoryMiB":900}}
        """;

    /// <summary>A run that is admitted before there is a worker is held to what the worker would hold it to.</summary>
    [Theory]
    [InlineData(Limits)]
    [InlineData("{}")]
    public void Offer_ofATemplate_hasTheLimitsThatItsWorkerReads(string limits)
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-templates-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "python.yaml"), $"name: python\nlanguage: python\nlimits: {limits}\n");
            var read = TemplateCatalog.Load([directory.FullName], RunLimits.Default, RunLimits.Maximum).Single();

            var offered = PoolTemplate.Read(Template($$"""{"metadata":{"name":"python","namespace":"a"},"spec":{"language":"python","limits":{{limits}} } }"""));

            (offered.Defaults, offered.Maximums, offered.Language, offered.Profile).ShouldBe((read.Defaults, read.Maximums, "python", read.Profile));
            offered.Available.ShouldBeTrue();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Offer_ofSeveralPools_isTheFirstByName()
    {
        var template = Template("""{"metadata":{"name":"python","namespace":"a"},"spec":{"language":"python"}}""");

        var offers = ClusterPools.Offer([new FoundPool("b", "p", [template]), new FoundPool("a", "q", [template]), new FoundPool("a", "p", [template]), new FoundPool("c", "x", [])]);

        offers.ShouldHaveSingleItem();
        (offers["python"].Namespace, offers["python"].Pool).ShouldBe(("a", "p"));
    }

    private static SandboxTemplate Template(string text) => Json.Read<SandboxTemplate>(text);
}
