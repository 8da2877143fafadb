namespace Sandcastle.Protocol.Runs;

/// <summary>Where a figure of a receipt was read.</summary>
/// <param name="Source">Kernel file or call, for example <c>cpuacct.usage</c>.</param>
/// <param name="Kind">What it is worth.</param>
public sealed record FigureSource(string Source, FigureKind Kind);
