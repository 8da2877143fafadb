namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>What happens when an argument has one of some values.</summary>
internal sealed record SeccompCase(IReadOnlyList<SeccompRange> Values, SeccompVerdict Verdict);
