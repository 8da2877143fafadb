namespace Sandcastle.Worker.Templates;

/// <summary>Template files that cannot be used: everything that is wrong with any of them.</summary>
public sealed class TemplateException(IReadOnlyList<TemplateError> errors)
    : Exception("Templates are not valid:\n  " + string.Join("\n  ", errors))
{
    public IReadOnlyList<TemplateError> Errors { get; } = errors;
}
