namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>A call, conditions that must all hold, and what happens then.</summary>
internal sealed record SeccompRule(string Call, SeccompAction Action, IReadOnlyList<SeccompCondition> Conditions);
