namespace Sandcastle.Worker.Templates;

/// <summary>One thing wrong with a template file.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Line">Counted from 1; 0 where it is about the whole file.</param>
/// <param name="Field">For example <c>limits.default.memoryMiB</c>; empty where it is about the whole file.</param>
/// <param name="Message">What is wrong.</param>
public sealed record TemplateError(string File, long Line, string Field, string Message)
{
    public override string ToString() =>
        $"{File}{(Line > 0 ? $":{Line}" : "")}: {(Field.Length > 0 ? Field + ": " : "")}{Message}";
}
