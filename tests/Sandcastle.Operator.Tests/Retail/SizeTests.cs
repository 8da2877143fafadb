using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Retail;
using Sandcastle.Protocol.Rest;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Operator.Tests.Retail;

public sealed class SizeTests
{
    [Fact]
    public void Of_any_number_is_the_least_bucket_that_holds_it() => Gen.Int[0, Credit.Most].Sample(credits =>
    {
        var bucket = Buckets.Of(credits);
        bucket.ShouldBeGreaterThanOrEqualTo(credits);
        bucket.ShouldBeLessThanOrEqualTo(Math.Max(1, credits * 3 / 2));
        Buckets.Of(bucket).ShouldBe(bucket);
        Buckets.Below(bucket).ShouldBe(bucket);
    });

    [Fact]
    public void Next_goes_through_all_sizes() => Enumerable.Range(0, 12).Aggregate(new List<int> { 0 }, (sizes, _) => [.. sizes, Buckets.Next(sizes[^1])])
        .ShouldBe([0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]);

    [Theory]
    [InlineData("500m", "0.5")]
    [InlineData("4", "4")]
    [InlineData("16Gi", "17179869184")]
    [InlineData("1.5M", "1500000")]
    [InlineData("2e3", "2000")]
    [InlineData("9999999Ei", "1152921504606846976")]
    [InlineData("1e30", "1152921504606846976")]
    [InlineData("-1e9999", "-1152921504606846976")]
    [InlineData("1e-9999", "0")]
    public void Value_of_a_quantity_is_its_number(string text, string number) =>
        new Quantity(text).Value().ShouldBe(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Value_of_no_quantity_fails() => Should.Throw<FormatException>(() => new Quantity("much").Value());

    [Fact]
    public void Take_is_allowed_so_often_in_any_second()
    {
        var clock = new HandClock();
        var lifecycles = new Lifecycles(5, clock);
        for (var i = 0; i < 5; i++)
        {
            lifecycles.Take().ShouldBeNull();
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        lifecycles.Take().ShouldBe(TimeSpan.FromMilliseconds(500));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        lifecycles.Take().ShouldBeNull();
        lifecycles.Take().ShouldNotBeNull();
    }

    [Fact]
    public void Of_a_tenant_sums_what_managers_say_and_forgets_what_is_old()
    {
        var now = TimeProvider.System.GetUtcNow();
        var board = new UseBoard(TimeSpan.FromSeconds(15));
        board.Of("a", now).ShouldBeNull();

        board.Take([Answer(Use(100, now.AddHours(1))), Answer(Use(250, null), Use(0, now.AddHours(2)))], now).ShouldBe(["a"]);

        var sum = board.Of("a", now)!;
        (sum.CpuMillis, sum.Running, sum.BudgetSpent, sum.BudgetRefillsAt).ShouldBe((350, 3, true, now.AddHours(2)));
        board.Of("nobody", now).ShouldBe(new TenantUse());
        board.Of("a", now.AddSeconds(16)).ShouldBeNull();
        board.Take([Answer(Use(100, now.AddHours(1))), Answer(Use(250, null), Use(0, now.AddHours(2)))], now).ShouldBeEmpty();
    }

    [Fact]
    public void Patch_of_the_quota_changes_two_figures_and_nothing_else()
    {
        const string Queue = """
            {"metadata":{"resourceVersion":"7"},"spec":{"cohortName":"c","resourceGroups":[{"coveredResources":["cpu"],"flavors":[{"name":"x","resources":[{"name":"cpu","nominalQuota":"9"}]}]},
            {"coveredResources":["sandcastle.dev/millicpu","sandcastle.dev/memory-mib"],"flavors":[{"name":"credit","resources":[{"name":"sandcastle.dev/millicpu","nominalQuota":"1k","borrowingLimit":"5"},{"name":"sandcastle.dev/memory-mib","nominalQuota":2048}]}]}]}}
            """;
        var queue = JsonDocument.Parse(Queue).RootElement;

        RetailQuota.Patch(queue, new RetailCapacity(1000, 2048)).ShouldBeNull();
        RetailQuota.Flavor(queue).ShouldBe("credit");
        var expected = JsonNode.Parse(Queue)!.AsObject();
        expected["spec"]!.AsObject().Remove("cohortName");
        expected["spec"]!["resourceGroups"]![1]!["flavors"]![0]!["resources"]![0]!["nominalQuota"] = "4000";
        JsonNode.DeepEquals(RetailQuota.Patch(queue, new RetailCapacity(4000, 2048)), expected).ShouldBeTrue();
        RetailQuota.Patch(JsonDocument.Parse("""{"metadata":{"resourceVersion":"7"}}""").RootElement, new RetailCapacity(1, 1)).ShouldBeNull();
    }

    private static TenantUsesResponse Answer(params TenantUseResponse[] tenants) => new() { Manager = "m", Tenants = tenants };

    private static TenantUseResponse Use(long cpu, DateTimeOffset? spentUntil) => new()
    {
        Tenant = "a",
        Running = 1,
        Waiting = 0,
        CpuMillis = cpu,
        CpuMillisP95 = cpu,
        CommittedMemoryMib = 0,
        WaitingMemoryMib = 0,
        Pressed = false,
        BudgetSpent = spentUntil is not null,
        BudgetRefillsAt = spentUntil,
    };
}
