namespace Sandcastle.Worker.Walls;

/// <summary>One thing on a slot's root.</summary>
/// <param name="Target">Absolute path in the slot.</param>
/// <param name="Source">A path on the host, or what the link says.</param>
/// <param name="IsLink">A symbolic link; else the host's file or directory, read-only.</param>
internal sealed record RootEntry(string Target, string Source, bool IsLink);
