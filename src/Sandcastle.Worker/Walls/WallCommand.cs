using Sandcastle.Linux.Descriptors;

namespace Sandcastle.Worker.Walls;

/// <summary>A command line for the broker.</summary>
/// <param name="Argv">Absolute path of the program first. Its environment is empty.</param>
/// <param name="Passed">What it finds from descriptor 4 on; 3 is the slot's control socket.</param>
/// <param name="Own">Of those, what was made for this slot alone, to be closed when it was sent; null: nothing.</param>
internal sealed record WallCommand(IReadOnlyList<string> Argv, Fd[] Passed, Fd? Own = null) : IDisposable
{
    public void Dispose() => Own?.Dispose();
}
