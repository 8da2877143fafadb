using System.Globalization;
using System.Text;
using Sandcastle.Linux.Errors;

namespace Sandcastle.Linux.Mounts;

/// <summary>The mounts that this process sees, and how one of ours is taken away.</summary>
public static class MountTable
{
    /// <summary>In the order of mounting: where two have the same mount point, the later one covers the earlier.</summary>
    public static IReadOnlyList<MountEntry> Read() => Parse(File.ReadAllText("/proc/self/mountinfo"));

    public static IReadOnlyList<MountEntry> Parse(string mountinfo) =>
        [.. mountinfo.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ParseLine)];

    /// <summary>
    /// Takes a mount out of the tree at once; it goes for good when its last user does (MNT_DETACH). The last part of the path is not
    /// followed when it is a symbolic link.
    /// </summary>
    /// <returns>False when nothing is mounted there (EINVAL) or the path does not exist.</returns>
    public static bool Detach(string mountPoint)
    {
        if (Libc.UMount2(mountPoint, Libc.MntDetach | Libc.UmountNoFollow) == 0)
        {
            return true;
        }

        return LinuxException.LastErrno is Errno.EINVAL or Errno.ENOENT ? false : throw LinuxException.Last("umount2", mountPoint);
    }

    private static MountEntry ParseLine(string line)
    {
        // id parent major:minor root mountpoint options [tag…] - type source superoptions
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-", 6);
        if (separator < 0 || fields.Length < separator + 4)
        {
            throw new InvalidDataException("Not a line of mountinfo: " + line);
        }

        return new MountEntry
        {
            Id = int.Parse(fields[0], CultureInfo.InvariantCulture),
            ParentId = int.Parse(fields[1], CultureInfo.InvariantCulture),
            Root = Unescape(fields[3]),
            MountPoint = Unescape(fields[4]),
            Options = fields[5].Split(','),
            FileSystem = fields[separator + 1],
            Source = Unescape(fields[separator + 2]),
            SuperOptions = fields[separator + 3].Split(','),
        };
    }

    /// <summary>Space, tab, newline and backslash are written as three octal digits; they stand for bytes of UTF-8.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var source = Encoding.UTF8.GetBytes(text);
        var bytes = new List<byte>(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\\' && i + 3 < source.Length)
            {
                bytes.Add((byte)(((source[i + 1] - '0') << 6) | ((source[i + 2] - '0') << 3) | (source[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
