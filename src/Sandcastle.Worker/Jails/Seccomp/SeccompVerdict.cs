namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>What happens to a call: an action, or a look at an argument that leads to one.</summary>
internal abstract record SeccompVerdict;
