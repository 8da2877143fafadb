namespace Sandcastle.Bench.Measures;

/// <summary>Takes one of the measures and puts what it found into the session's report.</summary>
internal interface IMeasure
{
    /// <summary>By which <c>--only</c> names it.</summary>
    int Number { get; }

    string Name { get; }

    /// <summary>Rows to report as skipped where the measure throws <see cref="BenchException"/>.</summary>
    IReadOnlyList<Reports.Row> Promises { get; }

    Task TakeAsync(BenchSession session, CancellationToken cancellationToken);
}
