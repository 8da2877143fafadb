namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>What a write does, as admission sees it.</summary>
public enum WriteOperation
{
    Create,
    Update,
    Delete,
}
