using System.ComponentModel;

namespace Sandcastle.Operator.Resources.Templates;

/// <summary>Limits of a template's runs. That no default is above its maximum is checked by the worker, which knows the built-in ones.</summary>
public sealed record TemplateLimits
{
    [Description("What a run gets when it asks for nothing.")]
    public LimitValues? Default { get; init; }

    [Description("The most a run may ask for.")]
    public LimitValues? Maximum { get; init; }
}
