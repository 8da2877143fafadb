using System.Text.Json.Serialization;

namespace Sandcastle.Protocol.Runs;

/// <summary>How a program ended. A program's end is data, never an error of ours; see DESIGN section 7.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>Exit code 0.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>Exit code other than 0.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Ended by a signal that it got from itself or from its own children.</summary>
    [JsonStringEnumMemberName("signaled")] Signaled,

    /// <summary>Killed at its wall-time limit.</summary>
    [JsonStringEnumMemberName("timed_out")] TimedOut,

    /// <summary>The kernel's oom_kill counter of the slot rose and the main process failed.</summary>
    [JsonStringEnumMemberName("out_of_memory")] OutOfMemory,

    /// <summary>The main process failed and its disk had no free block or inode left.</summary>
    [JsonStringEnumMemberName("disk_full")] DiskFull,

    /// <summary>Killed for writing ten times its output limit.</summary>
    [JsonStringEnumMemberName("output_limit")] OutputLimit,

    /// <summary>Killed because its client asked for it, or went away.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>The worker, its keep or the slot's init ended under it.</summary>
    [JsonStringEnumMemberName("interrupted")] Interrupted,
}
