namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>A seccomp policy that cannot be used: everything that is wrong with any of its files.</summary>
public sealed class SeccompPolicyException(IReadOnlyList<string> errors)
    : Exception("The seccomp policy is not valid:\n  " + string.Join("\n  ", errors))
{
    /// <summary>Each with its file, line and group.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
