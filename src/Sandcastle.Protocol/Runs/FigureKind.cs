using System.Text.Json.Serialization;

namespace Sandcastle.Protocol.Runs;

/// <summary>What a figure of a receipt is worth.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FigureKind>))]
public enum FigureKind
{
    [JsonStringEnumMemberName("exact")] Exact,

    /// <summary>The kernel samples it by its tick: right on average, wrong for a program of few milliseconds.</summary>
    [JsonStringEnumMemberName("sampled")] Sampled,

    [JsonStringEnumMemberName("estimate")] Estimate,

    [JsonStringEnumMemberName("lower_bound")] LowerBound,

    /// <summary>The reading failed; the figure is 0 and the source says why.</summary>
    [JsonStringEnumMemberName("unavailable")] Unavailable,
}
