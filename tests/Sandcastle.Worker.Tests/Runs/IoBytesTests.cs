using Sandcastle.Worker.Runs;

namespace Sandcastle.Worker.Tests.Runs;

public sealed class IoBytesTests
{
    [Theory]
    [InlineData(100UL, 5_000_100UL, 10, 5_000_000L)]
    [InlineData(100UL, 100UL, 10, 0L)]
    [InlineData(100UL, 0UL, 10, 0L)]
    [InlineData(0UL, 1UL << 40, 1000, 64L << 30)]
    [InlineData(0UL, ulong.MaxValue, 3_600_000, 3600 * (64L << 30))]
    [InlineData(5UL, ulong.MaxValue, 0, 0L)]
    public void Between_countsNoMoreThanMemoryIsCopied(ulong before, ulong after, int milliseconds, long bytes) =>
        IoBytes.Between(before, after, TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(bytes);
}
