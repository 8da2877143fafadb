using System.Globalization;
using System.Security.Cryptography;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Zygotes;

/// <summary>How a template's keep and zygote are started.</summary>
internal sealed class WarmKeepRecipe
{
    private uint _keeps;

    internal required Template Template { get; init; }

    internal required StagedTemplate Staged { get; init; }

    internal required Func<CancellationToken, Task<Broker>> Broker { get; init; }

    internal required Reactor Reactor { get; init; }

    internal required TimeProvider Time { get; init; }

    internal required string Guest { get; init; }

    internal required Fd Filter { get; init; }

    internal required IdRange Ids { get; init; }

    /// <summary>Null: our own wall.</summary>
    internal required string? Nsjail { get; init; }

    /// <summary>Where zygotes are counted.</summary>
    internal required SlotCgroup Overhead { get; init; }

    /// <summary>Of all keeps of the worker, so that their ids differ.</summary>
    internal required uint FirstKeepId { get; init; }

    internal required int MaxForks { get; init; }

    internal required TimeSpan MaxAge { get; init; }

    internal bool Forks => Template.Language == TemplateLanguage.Python;

    internal async Task<Keep> StartKeepAsync(IKeepOwner owner, CancellationToken cancellationToken)
    {
        var broker = await Broker(cancellationToken);
        using var spec = KeepSpecFile.Create(Staged, Guest, Ids, Nsjail);
        return await Keep.StartAsync(broker, Reactor, FirstKeepId + _keeps++, spec, Filter, owner, cancellationToken);
    }

    internal async Task<Zygote> StartZygoteAsync(Keep keep, IZygoteOwner owner, CancellationToken cancellationToken)
    {
        // Drawn for each zygote: all of its programs share it (decision 0004).
        var seed = RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        var environment = Template.Env.Select(e => $"{e.Key}={e.Value}")
            .Append("LANG=C.UTF-8").Append("HOME=" + WireLimits.Home).Append("PATH=/usr/local/bin:/usr/bin:/bin")
            .Append("PYTHONHASHSEED=" + seed).ToList();
        string[] argv = [Template.Interpreter, "-B", WireLimits.GuestDir + "/zygote.py", .. Template.Preload];
        var procs = Overhead.OpenProcs();
        try
        {
            return await Zygote.StartAsync(keep, Reactor, argv, environment, procs, owner, Time, cancellationToken);
        }
        finally
        {
            foreach (var fd in procs)
            {
                fd.Dispose();
            }
        }
    }
}
