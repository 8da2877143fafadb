namespace Sandcastle.Worker.Templates;

/// <summary>Which outer wall a template wants.</summary>
public enum KeepChoice
{
    /// <summary>nsjail where it is installed, else our own.</summary>
    Auto,

    /// <summary>Unavailable without nsjail.</summary>
    Nsjail,

    /// <summary>Our own, also where nsjail is installed.</summary>
    Builtin,
}
