using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources;

/// <summary>One line of a status: what holds, since when, and why (Kubernetes API conventions, typical status properties).</summary>
public sealed record Condition
{
    /// <summary>What the API server accepts in a message.</summary>
    public const int MessageMost = 32768;

    [Description("What the condition is about, in CamelCase.")]
    [MaxLength(316)]
    public required string Type { get; init; }

    [Description("Whether it holds.")]
    [OneOf("True", "False", "Unknown")]
    public required string Status { get; init; }

    [Description("The generation of the object that this was said about.")]
    [Range(0, long.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ObservedGeneration { get; init; }

    [Description("When the status last changed.")]
    public required DateTimeOffset LastTransitionTime { get; init; }

    [Description("One word for programs.")]
    [MinLength(1)]
    [MaxLength(1024)]
    [RegularExpression("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")]
    public required string Reason { get; init; }

    [Description("One sentence for people.")]
    [MaxLength(MessageMost)]
    public required string Message { get; init; }

    [JsonIgnore]
    public bool IsTrue => Status == "True";
}
