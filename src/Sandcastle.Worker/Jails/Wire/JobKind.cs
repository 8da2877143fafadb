namespace Sandcastle.Worker.Jails.Wire;

/// <summary>enum sc_job_kind.</summary>
internal enum JobKind : uint
{
    /// <summary>Source text for the interpreter that waits.</summary>
    Code = 1,

    /// <summary>A command to execute in place of the process that waits.</summary>
    Argv = 2,
}
