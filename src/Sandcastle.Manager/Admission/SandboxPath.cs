using System.Text;

namespace Sandcastle.Manager.Admission;

/// <summary>What may name a file under <c>/home/user</c>, in a request. Checked as text only: whoever opens it resolves it inside the slot.</summary>
internal static class SandboxPath
{
    /// <summary>NAME_MAX of Linux's file systems.</summary>
    public const int MostBytesOfPart = 255;

    /// <summary>PATH_MAX less the NUL and the working directory before it.</summary>
    public const int MostBytes = 4095 - 64;

    /// <summary>Null, or what is wrong with <paramref name="path"/>.</summary>
    public static string? Fault(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "is missing";
        }

        if (path.Contains('\0'))
        {
            return "holds a NUL character";
        }

        if (path[0] == '/')
        {
            return "must be relative to the working directory, not absolute";
        }

        if (Encoding.UTF8.GetByteCount(path) > MostBytes)
        {
            return $"has more than {MostBytes} bytes";
        }

        return FaultOfParts(path);
    }

    private static string? FaultOfParts(string path)
    {
        foreach (var range in path.AsSpan().Split('/'))
        {
            var part = path.AsSpan(range);
            switch (part)
            {
                case "..":
                    return "must not hold '..'";
                case "." or "":
                    return "must not hold '.' or an empty part";
            }

            if (Encoding.UTF8.GetByteCount(part) > MostBytesOfPart)
            {
                return $"has a part of more than {MostBytesOfPart} bytes";
            }
        }

        return null;
    }
}
