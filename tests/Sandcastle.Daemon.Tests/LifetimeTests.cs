using System.Net.Sockets;
using Sandcastle.Daemon.Lifetime;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Options;

namespace Sandcastle.Daemon.Tests;

public sealed class LifetimeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-daemon-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Take_directoryInUse_isRefusedUntilItIsFree()
    {
        var path = Path.Combine(_directory, "data");
        using (DataDirectory.Take(path))
        {
            Should.Throw<UsageException>(() => DataDirectory.Take(path)).Message.ShouldContain("another sandcastled works in");
        }

        using var again = DataDirectory.Take(path);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Take_fileInTheWay_isRefused()
    {
        var path = Path.Combine(_directory, "file");
        File.WriteAllText(path, "");
        Should.Throw<UsageException>(() => DataDirectory.Take(path)).Message.ShouldContain("--data-dir");
    }

    [Fact]
    public void Clear_socketOfADeadServer_isRemoved()
    {
        var path = Path.Combine(_directory, "s.sock");
        LeaveDeadSocket(path);
        UnixSocketFile.Clear(path);
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void Clear_socketOfALivingServer_isRefused()
    {
        var path = Path.Combine(_directory, "s.sock");
        using var server = Listen(path);
        Should.Throw<UsageException>(() => UnixSocketFile.Clear(path)).Message.ShouldContain("another server answers");
        File.Exists(path).ShouldBeTrue();
    }

    [Theory]
    [InlineData("content")]
    [InlineData("")]
    public void Clear_fileThatIsNoSocket_isKept(string content)
    {
        var path = Path.Combine(_directory, "precious");
        File.WriteAllText(path, content);
        Should.Throw<UsageException>(() => UnixSocketFile.Clear(path)).Message.ShouldContain("no socket of ours");
        File.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public void Clear_nothingThere_isFine()
    {
        UnixSocketFile.Clear(Path.Combine(_directory, "s.sock"));
        Should.Throw<UsageException>(() => UnixSocketFile.Clear(Path.Combine(_directory, "nowhere", "s.sock")));
    }

    [Fact]
    public void Idle_openRequest_isNotIdle()
    {
        var clock = new HandClock();
        var activity = new Activity(clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        activity.Idle.ShouldBe(TimeSpan.FromSeconds(5));
        activity.Begin();
        activity.Begin();
        clock.Advance(TimeSpan.FromSeconds(5));
        activity.End();
        activity.Idle.ShouldBe(TimeSpan.Zero);
        activity.End();
        clock.Advance(TimeSpan.FromSeconds(3));
        activity.Idle.ShouldBe(TimeSpan.FromSeconds(3));
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    /// <summary>A socket whose server was killed: .NET removes the file of one that it closes, so the file is moved away meanwhile.</summary>
    private static void LeaveDeadSocket(string path)
    {
        using (Listen(path))
        {
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
