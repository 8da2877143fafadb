using Sandcastle.Linux.Processes;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Cgroups.Layout;

namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>
/// A cgroup of the test's own in every hierarchy, to be named as <c>--cgroup-root</c>: no test, and no sweep in one, meets the
/// cgroups of another test or of a worker of this machine.
/// </summary>
internal sealed class TestRoot : IDisposable
{
    private static int _made;
    private readonly List<string> _directories = [];

    private TestRoot(string name, CgroupLayout layout)
    {
        Path = "/" + name;
        foreach (var hierarchy in layout.Hierarchies)
        {
            if (hierarchy.IsUnified)
            {
                HandDown(hierarchy.MountPoint);
            }

            _directories.Add(Directory.CreateDirectory(System.IO.Path.Combine(hierarchy.MountPoint, name)).FullName);
        }
    }

    internal string Path { get; }

    internal CgroupOptions Options => new() { Root = Path };

    internal static TestRoot Create()
    {
        Assert.SkipUnless(OwnProcess.EffectiveUid == 0, "making cgroups needs root");
        var layout = CgroupLayout.Detect();
        Assert.SkipWhen(layout.Mode == CgroupMode.None, "no cgroup hierarchy is mounted");
        Assert.SkipWhen(layout.Hierarchies.Any(h => h.IsReadOnly), "the cgroup hierarchies are mounted read-only");
        return new TestRoot($"sctest-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}", layout);
    }

    /// <summary>A tree below it, or the test is skipped with the reasons why a limit cannot be enforced here.</summary>
    internal CgroupTree CreateTree(bool includeOwnProcess = false, CgroupLayout? layout = null)
    {
        var tree = CgroupTree.Create(Options with { IncludeOwnProcess = includeOwnProcess }, layout ?? CgroupLayout.Detect());
        if (tree.Report.Unenforced.Count > 0)
        {
            var reasons = string.Join("; ", tree.Report.Unenforced);
            tree.Dispose();
            Dispose();
            Assert.Skip(reasons);
        }

        return tree;
    }

    public void Dispose()
    {
        foreach (var directory in _directories.Where(Directory.Exists))
        {
            // Fails, and lets the test fail, when something in it was not removed.
            Directory.Delete(directory);
        }
    }

    private static void HandDown(string root)
    {
        var offered = File.ReadAllText(root + "/cgroup.controllers").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var controller in offered.Where(c => c is "memory" or "pids" or "cpu"))
        {
            File.WriteAllText(root + "/cgroup.subtree_control", "+" + controller);
        }
    }
}
