namespace Sandcastle.Worker.Templates;

/// <summary>What takes a run's code.</summary>
public enum TemplateLanguage
{
    /// <summary>A fork of a warm CPython.</summary>
    Python,

    /// <summary>A node that was booted ahead, one for each slot.</summary>
    Node,

    /// <summary>A command that is executed at once, with the code among its arguments.</summary>
    Command,
}
