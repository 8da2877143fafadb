namespace Sandcastle.Bench.Measures;

/// <summary>Takes one of the measures and puts what it found into the session's report.</summary>
internal interface IMeasure
{
    /// <summary>By which <c>--only</c> names it.</summary>
    int Number { get; }

    string Name { get; }

    /// <summary>What is reported as skipped or failed where the measure throws.</summary>
    IReadOnlyList<Reports.Row> Promises { get; }

    /// <exception cref="UnavailableException">This machine has not what it needs.</exception>
    /// <exception cref="BenchException">It failed.</exception>
    Task TakeAsync(BenchSession session, CancellationToken cancellationToken);
}
