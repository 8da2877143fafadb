namespace Sandcastle.Worker.Tests.Jails;

/// <summary>Tests that count the pipes of this process: nobody else may open one meanwhile.</summary>
[CollectionDefinition(nameof(PipeCollection), DisableParallelization = true)]
public sealed class PipeCollection;
