using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator.Leases;

/// <summary>
/// Leads, or waits to lead, by a Lease. The client's own elector goes on leading for its whole renew deadline after another has taken the
/// lease, and gives up at the first broken connection; here whoever sees another holder stops at once, and
/// <see cref="ThrowIfLost"/> stands before every write, so that nothing is written later than the renew deadline after the last renewal.
/// </summary>
public sealed partial class Leadership(ApiClient api, string ns, LeaseOptions options, TimeProvider time, OperatorMetrics metrics, ILogger<Leadership> logger)
{
    internal static readonly ResourceKind Kind = new("coordination.k8s.io", "v1", "leases", "Lease");

    private readonly ObjectKey _key = new(ns, options.Name);
    private string _seenVersion = "";
    private long _seenAt;
    private long _heldUntil = long.MinValue;
    private int _isHeld;

    /// <summary>Whether this process may write now.</summary>
    public bool IsHeld => Volatile.Read(ref _isHeld) == 1 && time.GetTimestamp() < Interlocked.Read(ref _heldUntil);

    /// <exception cref="LeadershipLostException">Somebody else may be writing.</exception>
    internal void ThrowIfLost()
    {
        if (!IsHeld)
        {
            throw new LeadershipLostException();
        }
    }

    /// <summary>Runs <paramref name="lead"/> whenever this process leads, with a token that ends when it does not any more; until cancelled.</summary>
    internal async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await AcquireAsync(cancellationToken);
            LogLeading(options.Identity);
            using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var work = lead(term.Token);
            try
            {
                await Task.WhenAny(RenewAsync(term.Token), work);
            }
            finally
            {
                // The work ends before another may begin.
                await term.CancelAsync();
                try
                {
                    await EndAsync(work);
                }
                finally
                {
                    LogEnded(options.Identity);
                    await ReleaseAsync();
                }
            }
        }
    }

    private static async Task EndAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // It was asked to.
        }
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        while (!await TryAsync(cancellationToken))
        {
            await Task.Delay(options.RetryPeriod, time, cancellationToken);
        }
    }

    /// <summary>Ends when the lease is lost.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        while (IsHeld)
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), Interlocked.Read(ref _heldUntil));
            using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                await Task.Delay(options.RetryPeriod, time, either.Token);
                await TryAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Takes the lease, or renews it.</summary>
    /// <returns>Whether it is held now.</returns>
    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        // What is written now is as old as this; the answer may take its time.
        var begun = time.GetTimestamp();
        try
        {
            if (await FindAsync(cancellationToken) is not { } lease)
            {
                await api.CreateAsync(Kind, _key.Namespace, Body(null), cancellationToken);
            }
            else if (lease.Spec.HolderIdentity == options.Identity || string.IsNullOrEmpty(lease.Spec.HolderIdentity) || IsSilent(lease))
            {
                await api.PatchAsync(Kind, _key, null, Body(lease), cancellationToken);
            }
            else
            {
                Hold(false, begun);
                return false;
            }

            Hold(true, begun);
            return true;
        }
        catch (ApiException exception) when (exception.Status == 409)
        {
            // Somebody else wrote in between; the next look says who.
            LogFailed(exception.Message);
        }
        catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or JsonException)
        {
            LogFailed(exception.Message);
        }

        return IsHeld;
    }

    private async Task<Lease?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Json.Read<Lease>(await api.GetAsync(Kind, _key, cancellationToken));
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>By this process' own clock: whether the lease has stood still for its duration.</summary>
    private bool IsSilent(Lease lease)
    {
        if (lease.Metadata.ResourceVersion != _seenVersion)
        {
            _seenVersion = lease.Metadata.ResourceVersion;
            _seenAt = time.GetTimestamp();
            return false;
        }

        return time.GetElapsedTime(_seenAt) >= TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? options.Duration.TotalSeconds);
    }

    private void Hold(bool isHeld, long begun)
    {
        Interlocked.Exchange(ref _heldUntil, begun + (long)(options.RenewDeadline.TotalSeconds * time.TimestampFrequency));
        Volatile.Write(ref _isHeld, isHeld ? 1 : 0);
        metrics.SetLeading(isHeld);
    }

    /// <summary>Lets others begin at once. Only a kindness: without it they wait for the lease's duration.</summary>
    private async Task ReleaseAsync()
    {
        var wasHeld = IsHeld;
        Hold(false, time.GetTimestamp());
        if (!wasHeld)
        {
            return;
        }

        using var limit = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            if (await FindAsync(limit.Token) is { } lease && lease.Spec.HolderIdentity == options.Identity)
            {
                var patch = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = lease.Metadata.ResourceVersion },
                    ["spec"] = new JsonObject { ["holderIdentity"] = "", ["leaseDurationSeconds"] = 1, ["renewTime"] = Micro(time.GetUtcNow()) },
                };
                await api.PatchAsync(Kind, _key, null, patch, limit.Token);
            }
        }
        catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or OperationCanceledException)
        {
            LogFailed(exception.Message);
        }
    }

    private JsonObject Body(Lease? lease)
    {
        var isOurs = lease?.Spec.HolderIdentity == options.Identity;
        var now = Micro(time.GetUtcNow());
        var spec = new JsonObject
        {
            ["holderIdentity"] = options.Identity,
            ["leaseDurationSeconds"] = (int)options.Duration.TotalSeconds,
            ["renewTime"] = now,
        };
        if (!isOurs)
        {
            spec["acquireTime"] = now;
            spec["leaseTransitions"] = lease is null ? 0 : (lease.Spec.LeaseTransitions ?? 0) + 1;
        }

        return lease is null
            ? new JsonObject
            {
                ["apiVersion"] = Kind.ApiVersion,
                ["kind"] = Kind.Kind,
                ["metadata"] = new JsonObject { ["name"] = _key.Name, ["namespace"] = _key.Namespace },
                ["spec"] = spec,
            }
            : new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = lease.Metadata.ResourceVersion }, ["spec"] = spec };
    }

    /// <summary>A MicroTime.</summary>
    private static string Micro(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads")]
    private partial void LogLeading(string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} does not lead any more")]
    private partial void LogEnded(string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease was neither taken nor renewed: {Reason}")]
    private partial void LogFailed(string reason);
}
