using Sandcastle.Conformance.Targets;

[assembly: AssemblyFixture(typeof(CurrentTarget))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Sandcastle.Conformance.Targets;

/// <summary>
/// The one target that lives: who asks for another ends it. When all attacks are over, nothing of them may be left of any: else the end
/// of the last one fails, and says of which.
/// </summary>
public sealed class CurrentTarget : IAsyncLifetime
{
    private readonly List<string> _left = [];
    private ITarget? _target;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <param name="name">Of the target.</param>
    /// <param name="start">Starts it, where it is not the one that lives already.</param>
    public async Task<ITarget> BecomeAsync(string name, Func<Task<ITarget>> start)
    {
        if (_target?.Name != name)
        {
            await EndAsync();
            _target = await start();
        }

        return _target;
    }

    /// <summary>The target did not outlive an attack: who asks for it next gets another.</summary>
    public async Task LoseAsync()
    {
        if (_target is { } target)
        {
            _target = null;
            await target.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _left.ShouldBeEmpty();
    }

    private async Task EndAsync()
    {
        if (_target is not { } target)
        {
            return;
        }

        _target = null;
        if (await target.LeftoversAsync() is { Length: > 0 } left)
        {
            _left.Add(left);
        }

        await target.DisposeAsync();
    }
}
