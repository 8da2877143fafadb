using System.Text;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Files;

/// <summary>
/// Files on their way out. Every one is opened by the slot's init, from inside and without magic links, and read here by its descriptor:
/// whatever the program renames or links meanwhile, nothing outside of the slot can be reached. Only regular files are read.
/// </summary>
internal static class Collector
{
    private const int MaxFiles = 256;
    private const int MaxBytes = 16 << 20;
    private const int MaxEntries = 10_000;
    private const int MaxDepth = 32;

    /// <summary>
    /// Of names, in all: ten thousand of a hundred characters. They are kept here, at nobody's charge, and ten thousand of the longest would be 80 MB for
    /// each run.
    /// </summary>
    private const int MaxNameCharacters = 1_000_000;

    /// <summary>PATH_MAX, the NUL included.</summary>
    private const int MostBytesOfPath = 4096;

    /// <summary>The answer waits for this, and the program's children may still run.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal static async Task<(IReadOnlyList<RunFile> Files, IReadOnlyList<string> Errors)> CollectAsync(
        Slot slot, IReadOnlyList<string> patterns)
    {
        using var patience = new CancellationTokenSource(Patience);
        var cancellationToken = patience.Token;
        var errors = new CollectErrors();
        var files = new List<RunFile>();
        var left = MaxBytes;
        try
        {
            var names = await WalkAsync(slot, patterns, errors, cancellationToken);
            foreach (var name in Select(names, patterns, errors, cancellationToken))
            {
                if (files.Count == MaxFiles)
                {
                    errors.Add($"{name}: at most {MaxFiles} files are collected");
                    break;
                }

                left -= await ReadAsync(slot, name, left, files, errors, cancellationToken);
            }
        }
        catch (Exception e) when (e is JailException or LinuxException)
        {
            errors.Add($"not collected: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            errors.Add($"not all was collected within {Patience.TotalSeconds} s");
        }

        return (files, errors.All);
    }

    /// <summary>
    /// The names that a pattern matches, in order. Names are the program's and patterns the caller's: together they can be made to
    /// match slowly, so that patience counts here too.
    /// </summary>
    private static List<string> Select(
        List<string> names, IReadOnlyList<string> patterns, CollectErrors errors, CancellationToken cancellationToken)
    {
        var selected = new List<string>();
        var matched = new bool[patterns.Count];
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var any = false;
            for (var i = 0; i < patterns.Count; i++)
            {
                if ((!any || !matched[i]) && GlobPattern.Matches(patterns[i], name))
                {
                    any = matched[i] = true;
                }
            }

            if (any)
            {
                selected.Add(name);
            }
        }

        foreach (var pattern in patterns.Where((_, i) => !matched[i]))
        {
            errors.Add($"{pattern}: no file matches");
        }

        selected.Sort(StringComparer.Ordinal);
        return selected;
    }

    /// <summary>The names of all files below the working directory that a pattern could reach.</summary>
    private static async Task<List<string>> WalkAsync(
        Slot slot, IReadOnlyList<string> patterns, CollectErrors errors, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var directories = new Queue<(string Path, int Depth)>([("", 0)]);
        var (seen, characters) = (0, 0);
        while (directories.TryDequeue(out var directory))
        {
            foreach (var (name, kind) in await ListAsync(slot, directory.Path, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (++seen > MaxEntries)
                {
                    errors.Add($"only the first {MaxEntries} names were looked at");
                    return names;
                }

                var path = directory.Path.Length == 0 ? name : $"{directory.Path}/{name}";
                if ((characters += path.Length) > MaxNameCharacters)
                {
                    errors.Add($"only names of {MaxNameCharacters} characters in all were looked at");
                    return names;
                }

                if (Encoding.UTF8.GetByteCount(path) >= MostBytesOfPath)
                {
                    // A program can make them, one chdir after the other; no call takes them.
                    errors.Add($"a name of {path.Length} characters was left out: the kernel takes no path of {MostBytesOfPath} bytes");
                }
                else if (kind == FileKind.Directory && directory.Depth < MaxDepth && patterns.Any(p => GlobPattern.MayReach(p, path)))
                {
                    directories.Enqueue((path, directory.Depth + 1));
                }
                else if (kind == FileKind.RegularFile)
                {
                    names.Add(path);
                }
            }
        }

        return names;
    }

    private static async Task<List<(string Name, FileKind Kind)>> ListAsync(Slot slot, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await SlotFiles.ListAsync(slot, path.Length == 0 ? "." : path, MaxEntries + 1, cancellationToken);
        }
        catch (JailException e) when (e.Step == JailStep.Open)
        {
            return []; // gone, or closed to its own user
        }
    }

    private static async Task<int> ReadAsync(
        Slot slot, string name, int left, List<RunFile> files, CollectErrors errors, CancellationToken cancellationToken)
    {
        try
        {
            using var file = await SlotFiles.OpenAsync(slot, name, left, cancellationToken);
            var content = file.ReadToEnd(left, out var truncated);
            if (truncated)
            {
                errors.Add(TooMuch(name));
                return 0;
            }

            files.Add(new RunFile(name, content));
            return content.Length;
        }
        catch (JailException e) when (e.Errno == Errno.EMEDIUMTYPE)
        {
            errors.Add($"{name}: not a regular file");
            return 0;
        }
        catch (JailException e) when (e.Errno == Errno.EFBIG)
        {
            errors.Add(TooMuch(name));
            return 0;
        }
        catch (Exception e) when (e is JailException { Step: JailStep.Open } or LinuxException)
        {
            errors.Add($"{name}: {e.Message}");
            return 0;
        }
    }

    private static string TooMuch(string name) => $"{name}: all collected files together may have {MaxBytes >> 20} MiB";
}
