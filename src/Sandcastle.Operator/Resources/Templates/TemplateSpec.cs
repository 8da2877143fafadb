using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Templates;

/// <summary>The fields of a template file but its name, which is the object's.</summary>
[Rule("self.language != 'command' || (has(self.command) && size(self.command) > 0)", "a command template needs a command")]
[Rule("self.language == 'command' || !has(self.command) || size(self.command) == 0", "command means nothing for this language")]
[Rule("self.language != 'command' || !has(self.interpreter)", "interpreter means nothing for a command")]
[Rule("self.language == 'python' || !has(self.venv)", "venv means nothing for this language")]
[Rule("self.language == 'python' || !has(self.preload) || size(self.preload) == 0", "preload means nothing for this language")]
[Rule("!has(self.keep) || self.keep == 'auto' || self.profile == 'fork'", "keep means nothing for this profile")]
public sealed record TemplateSpec
{
    /// <summary>An absolute path that a keep can mount; parts of dots are refused by the worker, which knows paths.</summary>
    private const string Path = "^/[^:,\\\\\\n]+$";

    [Description("What takes a run's code.")]
    [OneOf("python", "node", "command")]
    public required string Language { get; init; }

    [Description("One line for people.")]
    [MaxLength(1024)]
    public string? Description { get; init; }

    [Description("What stands around a run.")]
    [OneOf("fork", "nsjail", "gvisor")]
    [DefaultValue("fork")]
    public string Profile { get; init; } = "fork";

    [Description("Which outer wall stands around the warm process; only for profile fork.")]
    [OneOf("auto", "nsjail", "builtin")]
    public string? Keep { get; init; }

    [Description("Absolute path, in the slot, of the program that takes the code.")]
    [MaxLength(4095)]
    [RegularExpression(Path)]
    public string? Interpreter { get; init; }

    [Description("An unpacked root directory in the worker's image that takes the place of its own.")]
    [MaxLength(4095)]
    [RegularExpression(Path)]
    public string? Root { get; init; }

    [Description("A Python virtual environment in the worker's image.")]
    [MaxLength(4095)]
    [RegularExpression(Path)]
    public string? Venv { get; init; }

    [Description("Directories of the worker's image that slots see, read-only.")]
    [MaxLength(32)]
    [List("atomic")]
    public IReadOnlyList<TemplateTreeSpec>? Trees { get; init; }

    [Description("Modules that are imported before the fork.")]
    [MaxLength(256)]
    [List("atomic")]
    [Items(MinLength = 1, MaxLength = 253, Pattern = "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$")]
    public IReadOnlyList<string>? Preload { get; init; }

    [Description("argv that takes the code, with {code} as one argument.")]
    [MaxLength(256)]
    [List("atomic")]
    [Items(MaxLength = 65536)]
    [Rule("self.filter(argument, argument == '{code}').size() == 1", "must have {code} as one argument, once")]
    [Rule("self.size() == 0 || self[0].startsWith('/')", "must begin with the absolute path of a program")]
    public IReadOnlyList<string>? Command { get; init; }

    [Description("Environment of every program, below that of the run.")]
    [MaxLength(256)]
    [Items(MaxLength = 65536)]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description("What a run gets when it asks for nothing, and the most it may ask for.")]
    public TemplateLimits? Limits { get; init; }

    [Description("Slots that each worker keeps ready.")]
    [Range(0, 100_000)]
    [DefaultValue(2)]
    public int Ready { get; init; } = 2;
}
