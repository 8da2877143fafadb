using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Slots;

/// <summary>The run that has a slot. Called on the reactor's thread.</summary>
internal interface ISlotUser
{
    void OnStdout(ReadOnlySpan<byte> bytes);

    void OnStderr(ReadOnlySpan<byte> bytes);

    /// <summary>The main program ended. All that it had written was delivered before.</summary>
    void OnExited(in ExitedMessage exited);

    /// <summary>The slot's init, its keep or the report of its end is lost.</summary>
    void OnInterrupted();
}
