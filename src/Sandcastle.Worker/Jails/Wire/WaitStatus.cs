namespace Sandcastle.Worker.Jails.Wire;

/// <summary>A wait status as wait4(2) gives it.</summary>
internal readonly record struct WaitStatus(int Value)
{
    /// <summary>Null when a signal ended the process.</summary>
    public int? ExitCode => (Value & 0x7f) == 0 ? (Value >> 8) & 0xff : null;

    /// <summary>Null when the process exited.</summary>
    public int? Signal => (Value & 0x7f) == 0 ? null : Value & 0x7f;

    public bool Succeeded => Value == 0;
}
