namespace Sandcastle.Worker.Cgroups.Controllers;

/// <summary>Memory of one cgroup. v1 and v2 count alike (pages, tmpfs, kernel memory) but name it differently.</summary>
internal interface IMemoryController : IDisposable
{
    /// <summary>Limits memory and swap together, so that nothing is swapped out beyond it.</summary>
    void Limit(long bytes, long? before);

    long ReadCurrent();

    /// <summary>Most since the cgroup was made, or since <see cref="ResetPeak"/> where that is possible.</summary>
    long ReadPeak();

    void ResetPeak();

    /// <summary>Processes of this cgroup that the kernel killed for want of memory.</summary>
    long ReadOomKills();
}
