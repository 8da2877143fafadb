using CsCheck;
using Sandcastle.Cli.Units;

namespace Sandcastle.Cli.Tests.Units;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("4K", 4096)]
    [InlineData("4kb", 4096)]
    [InlineData("256M", 256L << 20)]
    [InlineData("256MiB", 256L << 20)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("2T", 2L << 40)]
    public void TryParse_size_is_bytes(string text, long expected)
    {
        ByteSize.TryParse(text, out var bytes).ShouldBeTrue();
        bytes.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1M")]
    [InlineData("1.2.3M")]
    [InlineData("1 M")]
    [InlineData("1X")]
    [InlineData("1Mi")]
    [InlineData("9999999999T")]
    [InlineData("999999999999999999999999999999999999")]
    public void TryParse_anything_else_is_refused(string text) => ByteSize.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_any_text_never_throws() => Gen.String[Gen.Char["0123456789.KMGTibB -"], 0, 30].Sample(text => ByteSize.TryParse(text, out var bytes) ? bytes >= 0 : bytes == 0);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(3L << 20, "3 MiB")]
    [InlineData(5L << 30, "5 GiB")]
    public void Format_size_has_its_unit(long bytes, string expected) => ByteSize.Format(bytes).ShouldBe(expected);
}
