namespace Sandcastle.Testing.ApiServer.Storage;

/// <summary>What happened to an object.</summary>
public enum ChangeKind
{
    Added,
    Modified,
    Deleted,
}
