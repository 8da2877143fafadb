namespace Sandcastle.Worker.Tests.Runs;

/// <summary>The tests that share one worker. Those that kill parts of it have their own.</summary>
[CollectionDefinition(nameof(WorkerCollection))]
public sealed class WorkerCollection : ICollectionFixture<RunningWorker>;
