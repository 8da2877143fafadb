namespace Sandcastle.Manager.Routing;

/// <summary>The workers there are now. Safe for concurrent use.</summary>
public interface IWorkerDirectory
{
    /// <summary>Snapshot, swapped as a whole.</summary>
    IReadOnlyList<IWorkerLink> Links { get; }

    /// <summary>
    /// Rises whenever a worker comes or goes, or offers something else than before (not with its load): what was made of an older
    /// version is made anew.
    /// </summary>
    long Version { get; }

    /// <summary>Raised when <see cref="Version"/> has risen. Handlers return at once.</summary>
    event EventHandler? Changed;
}
