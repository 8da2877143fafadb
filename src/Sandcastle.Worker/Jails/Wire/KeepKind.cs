namespace Sandcastle.Worker.Jails.Wire;

/// <summary>enum sc_keep_kind: who builds the outer wall.</summary>
internal enum KeepKind : uint
{
    Builtin = 1,
    Nsjail = 2,
}
