using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Templates;

/// <summary>A directory that slots see, read-only.</summary>
public sealed record TemplateTreeSpec
{
    [Description("Absolute path in the worker's image.")]
    [MaxLength(4095)]
    [RegularExpression("^/[^:,\\\\\\n]+$")]
    public required string Source { get; init; }

    [Description("Absolute path in the slot; the source's when absent.")]
    [MaxLength(4095)]
    [RegularExpression("^/[^:,\\\\\\n]+$")]
    public string? Target { get; init; }
}
