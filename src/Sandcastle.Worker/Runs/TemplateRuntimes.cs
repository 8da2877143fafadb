using Sandcastle.Linux.Epoll;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Runs;

/// <summary>The templates of a worker at work: begun once, closed once, and in between found by name from any thread.</summary>
internal sealed class TemplateRuntimes(Reactor reactor, TimeProvider time)
{
    private readonly Dictionary<string, TemplateRuntime> _byName = new(StringComparer.Ordinal);
    private readonly List<Task> _loops = [];
    private volatile IReadOnlyList<TemplateRuntime> _inOrder = [];

    /// <summary>By name; none before all have begun.</summary>
    internal IReadOnlyList<TemplateRuntime> InOrder => _inOrder;

    internal void Begin(
        IReadOnlyList<Template> templates, WorkerOptions options, SlotSources sources, SlotMaker maker, CancellationToken stopping)
    {
        foreach (var (template, index) in templates.Select((t, i) => (t, i)))
        {
            _byName[template.Name] = Begin(template, (uint)index, options, sources, maker, stopping);
        }

        _inOrder = [.. _byName.Values.OrderBy(t => t.Template.Name, StringComparer.Ordinal)];
    }

    /// <exception cref="RefusalException">There is none of this name.</exception>
    internal TemplateRuntime Get(string name) => _byName.GetValueOrDefault(name) ?? throw new RefusalException(new Refusal
    {
        Kind = RefusalKind.UnknownTemplate,
        Detail = $"there is no template {name}; known are {string.Join(", ", _inOrder.Select(t => t.Template.Name))}",
    });

    /// <summary>After <c>stopping</c>: interrupts what runs, and returns when nothing does.</summary>
    internal async Task CloseAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await OnReactorAsync(pool => pool.Close(), also: null).WaitAsync(cancellationToken);
        while (_inOrder.Any(t => t.MaybePool is { Busy: > 0 }))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken);
        }
    }

    /// <summary>Ends their keeps, and then the brokers that made them.</summary>
    internal Task EndAsync(BrokerSupply? brokers) => OnReactorAsync(pool => pool.Dispose(), () => brokers?.Dispose());

    private TemplateRuntime Begin(Template template, uint index, WorkerOptions options, SlotSources sources, SlotMaker maker, CancellationToken stopping)
    {
        var missing = TemplateAvailability.Reason(template, options);
        SlotPool? pool = null;
        if (missing is null)
        {
            var staged = sources.Stage.Add(template);
            pool = new SlotPool(reactor, template, maker, owner => sources.Of(template, staged, index, owner), time);
            _loops.Add(pool.RunAsync(stopping));
        }

        return new TemplateRuntime
        {
            Template = template,
            Keep = TemplateAvailability.KeepOf(template, options),
            MaybePool = pool,
            MissingReason = missing,
        };
    }

    private Task OnReactorAsync(Action<SlotPool> act, Action? also)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Post(() =>
        {
            foreach (var template in _inOrder)
            {
                if (template.MaybePool is { } pool)
                {
                    act(pool);
                }
            }

            also?.Invoke();
            done.TrySetResult();
        });
        return done.Task;
    }
}
