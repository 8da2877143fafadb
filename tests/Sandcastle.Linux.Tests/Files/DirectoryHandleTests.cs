using System.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;

namespace Sandcastle.Linux.Tests.Files;

public sealed class DirectoryHandleTests : IDisposable
{
    private const ResolveFlags Jail = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private readonly DirectoryInfo _path = Directory.CreateTempSubdirectory("sandcastle-files-");
    private readonly DirectoryHandle _root;

    public DirectoryHandleTests() => _root = DirectoryHandle.Open(_path.FullName);

    public void Dispose()
    {
        _root.Dispose();
        _path.Delete(recursive: true);
    }

    [Theory]
    [InlineData("link-absolute")]
    [InlineData("link-up")]
    [InlineData("../../../../etc/hostname-of-the-jail")]
    [InlineData("/etc/hostname-of-the-jail")]
    public void OpenFile_in_root_stays_inside(string path)
    {
        Write("etc/hostname-of-the-jail", "inside");
        File.CreateSymbolicLink(Path("link-absolute"), "/etc/hostname-of-the-jail");
        File.CreateSymbolicLink(Path("link-up"), "../../../../../etc/hostname-of-the-jail");

        using var fd = _root.OpenFile(path, OpenFlags.ReadOnly, Jail);

        Encoding.UTF8.GetString(fd.ReadToEnd(100, out _)).ShouldBe("inside");
    }

    [Fact]
    public void TryOpenFile_in_root_never_reaches_the_hosts_files()
    {
        File.CreateSymbolicLink(Path("passwd"), "/etc/passwd");
        File.CreateSymbolicLink(Path("magic"), "/proc/self/root");

        _root.TryOpenFile("passwd", OpenFlags.ReadOnly, out var errno, Jail).ShouldBeNull();
        errno.ShouldBe(Errno.ENOENT);
        _root.TryOpenFile("magic", OpenFlags.ReadOnly, out errno, Jail).ShouldBeNull();
        errno.ShouldBe(Errno.ENOENT);
        using var proc = DirectoryHandle.Open("/proc");
        proc.TryOpenFile("self/root/etc/passwd", OpenFlags.ReadOnly, out errno, Jail).ShouldBeNull();
        errno.ShouldBe(Errno.ELOOP);
    }

    [Fact]
    public void TryOpenFile_with_a_NUL_in_the_path_is_refused() =>
        Should.Throw<ArgumentException>(() => _root.TryOpenFile("a\0b", OpenFlags.ReadOnly, out _));

    [Fact]
    public void Entries_lists_every_name_with_its_kind_even_those_that_are_not_text()
    {
        for (var i = 0; i < 3000; i++)
        {
            File.Create(Path($"a-name-long-enough-that-three-thousand-fill-several-buffers-{i}")).Dispose();
        }

        _root.CreateDirectory("folder").ShouldBeTrue();
        _root.CreateDirectory("folder").ShouldBeFalse();
        File.CreateSymbolicLink(Path("link"), "nowhere");
        byte[] raw = [0xff, 0xfe, (byte)'x'];
        _root.TryOpenFile(raw, OpenFlags.WriteOnly | OpenFlags.Create, out _, mode: 0b110_000_000).ShouldNotBeNull().Dispose();

        var entries = _root.Entries().ToList();

        entries.Count.ShouldBe(3003);
        entries.Single(e => e.Name == "folder").Kind.ShouldBe(FileKind.Directory);
        entries.Single(e => e.Name == "link").Kind.ShouldBe(FileKind.SymbolicLink);
        entries.Single(e => e.NameBytes.Span.SequenceEqual(raw)).Kind.ShouldBe(FileKind.RegularFile);
        _root.TryOpenFile(raw, OpenFlags.ReadOnly, out _).ShouldNotBeNull().Dispose();
        _root.TryRemoveFile(raw).ShouldBe(Errno.None);
    }

    [Fact]
    public void TryRemoveDirectory_says_why_not()
    {
        Write("full/file", "x");
        _root.TryRemoveDirectory("full").ShouldBe(Errno.ENOTEMPTY);
        _root.TryRemoveDirectory("absent").ShouldBe(Errno.ENOENT);
        _root.TryRemoveFile("full/file").ShouldBe(Errno.None);
        _root.TryRemoveDirectory("full").ShouldBe(Errno.None);
    }

    [Fact]
    public void Status_tells_size_owner_and_kind()
    {
        using (var file = _root.OpenFile("file", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, mode: 0b110_100_000))
        {
            file.Write("12345"u8);
        }

        File.CreateSymbolicLink(Path("link"), "file");

        var status = _root.Status("file");
        status.Kind.ShouldBe(FileKind.RegularFile);
        status.SizeBytes.ShouldBe(5);
        status.Permissions.ShouldBe(0b110_100_000);
        status.Links.ShouldBe(1u);
        status.Modified.UtcDateTime.ShouldBe(File.GetLastWriteTimeUtc(Path("file")), TimeSpan.FromMilliseconds(1));
        _root.Status("link").Kind.ShouldBe(FileKind.SymbolicLink);
        FileStatus.Of(_root.Fd).Kind.ShouldBe(FileKind.Directory);
        Should.Throw<LinuxException>(() => _root.Status("absent")).Errno.ShouldBe(Errno.ENOENT);
    }

    [Fact]
    public void ChangeOwner_gives_the_name_away()
    {
        Assert.SkipUnless(Linux.Processes.OwnProcess.EffectiveUid == 0, "only root can give files away");
        Write("file", "x");
        _root.ChangeOwner("file", 12345, 54321);
        var status = _root.Status("file");
        (status.Uid, status.Gid).ShouldBe((12345u, 54321u));
    }

    [Fact]
    public void Space_of_an_open_directory_is_its_file_systems()
    {
        var space = FileSystemSpace.Of(_root.Fd);
        space.TotalBytes.ShouldBeGreaterThan(0);
        space.FreeBytes.ShouldBeInRange(1, space.TotalBytes);
        space.FreeInodes.ShouldBeInRange(0, Math.Max(space.TotalInodes, 0));
    }

    [Fact]
    public void Memfd_holds_its_content_and_refuses_to_change()
    {
        using var fd = Memfd.Create("sandcastle-test", "sealed"u8);

        Encoding.UTF8.GetString(fd.ReadToEnd(100, out _)).ShouldBe("sealed");
        Should.Throw<LinuxException>(() => fd.Write("x"u8)).Errno.ShouldBe(Errno.EPERM);
    }

    [Fact]
    public void TryLock_excludes_another_open_file_until_it_is_closed()
    {
        Write("lock", "");
        using var first = _root.OpenFile("lock", OpenFlags.ReadOnly);
        using var second = _root.OpenFile("lock", OpenFlags.ReadOnly);

        first.TryLock().ShouldBeTrue();
        second.TryLock().ShouldBeFalse();
        first.Dispose();
        second.TryLock().ShouldBeTrue();
    }

    private string Path(string name) => System.IO.Path.Combine(_path.FullName, name);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), content);
    }
}
