using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>The end of a decision: the call runs, fails, kills its process, or answers as if it had run.</summary>
/// <param name="Kind">Which of the four.</param>
/// <param name="Error">The errno it fails with; <see cref="Errno.None"/> for the other three.</param>
internal sealed record SeccompAction(RuleAction Kind, Errno Error) : SeccompVerdict
{
    internal static SeccompAction Allow { get; } = new(RuleAction.Allow, Errno.None);

    internal static SeccompAction Kill { get; } = new(RuleAction.Kill, Errno.None);

    /// <summary>For what makes no difference to a guest, and does to others.</summary>
    internal static SeccompAction Done { get; } = new(RuleAction.Done, Errno.None);

    /// <summary>What a call gets that no rule speaks of; native/jail/policy.c sets it.</summary>
    internal static SeccompAction Default { get; } = new(RuleAction.Errno, Errno.ENOSYS);

    /// <summary>Reads <c>allow</c>, <c>kill</c>, <c>ok</c> or the name of an errno; null for anything else.</summary>
    internal static SeccompAction? Parse(string text) => text switch
    {
        "allow" => Allow,
        "kill" => Kill,
        "ok" => Done,
        _ => text.StartsWith('E') && Enum.TryParse<Errno>(text, out var error) ? new SeccompAction(RuleAction.Errno, error) : null,
    };

    public override string ToString() => Kind switch
    {
        RuleAction.Allow => "allow",
        RuleAction.Kill => "kill",
        RuleAction.Done => "ok",
        _ => Error.ToString(),
    };
}
