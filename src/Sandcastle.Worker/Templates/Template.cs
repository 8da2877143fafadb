using Sandcastle.Protocol.Limits;

namespace Sandcastle.Worker.Templates;

/// <summary>What a slot starts as. Read from YAML by <see cref="TemplateCatalog"/>, whose checks it has passed.</summary>
public sealed record Template
{
    /// <summary>What stands in an argument of <see cref="Command"/> for the code.</summary>
    public const string CodePlaceholder = "{code}";

    /// <summary>Lower-case letters, digits and dashes; at most 63.</summary>
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public required TemplateLanguage Language { get; init; }

    /// <summary><c>fork</c>, <c>nsjail</c> or <c>gvisor</c>.</summary>
    public string Profile { get; init; } = Profiles.Fork;

    public KeepChoice Keep { get; init; } = KeepChoice.Auto;

    /// <summary>Absolute path in the slot of the program that takes the code; unused by commands.</summary>
    public string Interpreter { get; init; } = "";

    /// <summary>An unpacked root directory on the host that takes the place of our own small root and of the host's <c>/usr</c>.</summary>
    public string? Root { get; init; }

    /// <summary>A virtual environment on the host; seen in the slot under the same path.</summary>
    public string? Venv { get; init; }

    public IReadOnlyList<TemplateTree> Trees { get; init; } = [];

    /// <summary>Modules that the zygote imports before it forks.</summary>
    public IReadOnlyList<string> Preload { get; init; } = [];

    /// <summary>argv that takes code, with <see cref="CodePlaceholder"/> as one argument; the run's own arguments are appended.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Environment of zygotes and of every program, below that of the run.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public RunLimits Defaults { get; init; } = RunLimits.Default;

    public RunLimits Maximums { get; init; } = RunLimits.Maximum;

    /// <summary>Slots kept ready.</summary>
    public int Ready { get; init; } = 2;
}
