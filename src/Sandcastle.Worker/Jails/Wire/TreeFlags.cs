namespace Sandcastle.Worker.Jails.Wire;

/// <summary>enum sc_tree_flags.</summary>
[Flags]
internal enum TreeFlags : uint
{
    None = 0,

    /// <summary>The target is a file, not a directory.</summary>
    File = 1,
}
