using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Tests.Descriptors;

public sealed class PipeTests
{
    [Fact]
    public void Read_of_an_empty_pipe_would_block_and_ends_when_the_writer_is_gone()
    {
        using var pipe = Pipe.ForReading();
        var buffer = new byte[16];
        pipe.Ours.Read(buffer).ShouldBe(Fd.WouldBlock);

        pipe.Theirs.Write("hi"u8).ShouldBe(2);
        pipe.Theirs.Dispose();

        pipe.Ours.Read(buffer).ShouldBe(2);
        buffer.AsSpan(0, 2).SequenceEqual("hi"u8).ShouldBeTrue();
        pipe.Ours.Read(buffer).ShouldBe(0);
    }

    [Fact]
    public void Write_to_a_full_pipe_would_block_and_to_a_closed_one_says_so()
    {
        using var pipe = Pipe.ForWriting();
        pipe.TrySetCapacity(4096).ShouldBeTrue();
        pipe.Capacity.ShouldBe(4096);
        var block = new byte[8192];
        pipe.Ours.Write(block).ShouldBe(4096);
        pipe.Ours.Write(block).ShouldBe(Fd.WouldBlock);

        pipe.Theirs.Dispose();

        pipe.Ours.Write(block).ShouldBe(Fd.PeerClosed);
    }

    [Fact]
    public void The_programs_end_stays_blocking_and_neither_end_is_inherited()
    {
        using var pipe = Pipe.ForReading();

        StatusFlags(pipe.Ours).ShouldSatisfyAllConditions(
            flags => (flags & 0x800).ShouldBe(0x800, "O_NONBLOCK on ours"),
            flags => (flags & 0x80000).ShouldBe(0x80000, "O_CLOEXEC on ours"));
        StatusFlags(pipe.Theirs).ShouldSatisfyAllConditions(
            flags => (flags & 0x800).ShouldBe(0, "O_NONBLOCK on theirs"),
            flags => (flags & 0x80000).ShouldBe(0x80000, "O_CLOEXEC on theirs"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(100_000, false)]
    public void ReadToEnd_stops_at_its_limit(int limit, bool expectedTruncated)
    {
        using var pipe = Pipe.ForReading();
        pipe.Ours.SetNonBlocking(false);
        pipe.Theirs.Write("0123456789"u8);
        pipe.Theirs.Dispose();

        var bytes = pipe.Ours.ReadToEnd(limit, out var truncated);

        truncated.ShouldBe(expectedTruncated);
        bytes.Length.ShouldBe(Math.Min(limit, 10));
    }

    [Fact]
    public void Read_of_a_write_end_is_a_failure_of_ours()
    {
        using var pipe = Pipe.ForReading();
        Should.Throw<LinuxException>(() => pipe.Theirs.Read(new byte[1])).Message.ShouldBe("read: EBADF (Bad file descriptor)");
    }

    private static int StatusFlags(Fd fd)
    {
        var line = File.ReadLines("/proc/self/fdinfo/" + fd.Number).First(l => l.StartsWith("flags:", StringComparison.Ordinal));
        return Convert.ToInt32(line["flags:".Length..].Trim(), 8);
    }
}
