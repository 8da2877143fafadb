using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Tests.Cgroups;

public sealed class CpuReadingTests
{
    [Theory]
    [InlineData(4, 6, 7, 8, 3, 2)]
    [InlineData(4, 6, 2, 13, 0, 5)] // the estimate of user time moved back
    [InlineData(4, 6, 12, 3, 5, 0)] // and that of system time
    public void Difference_adds_up_and_no_part_of_it_is_negative(int user, int system, int laterUser, int laterSystem, int expectedUser, int expectedSystem)
    {
        var difference = Reading(laterUser, laterSystem) - Reading(user, system);

        difference.ShouldBe(Reading(expectedUser, expectedSystem));
    }

    private static CpuReading Reading(int user, int system) =>
        new(TimeSpan.FromMilliseconds(user + system), TimeSpan.FromMilliseconds(user), TimeSpan.FromMilliseconds(system));
}
