using System.ComponentModel;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Templates;

/// <summary>What a sandbox starts as. Workers get it as a file of the form of templates/*.yaml.</summary>
[Defined("sandboxtemplates", "sbt")]
[Description("What a sandbox starts as: interpreter, preloaded modules, root file system, default limits.")]
[Column("Language", ".spec.language")]
[Column("Profile", ".spec.profile")]
[Column("Ready", ".spec.ready", "integer")]
[Column("Age", ".metadata.creationTimestamp", "date")]
[Rule("self.metadata.name.matches('^[a-z][a-z0-9-]{0,62}$')", "the name must be lower-case letters, digits and dashes, begin with a letter, and have at most 63")]
public sealed record SandboxTemplate : KubeObject
{
    [Description("What the template is.")]
    public required TemplateSpec Spec { get; init; }
}
