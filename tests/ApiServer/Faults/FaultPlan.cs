using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Requests;

namespace Sandcastle.Testing.ApiServer.Faults;

/// <summary>What goes wrong, on a test's word. Thread-safe; everything takes effect with the next request.</summary>
public sealed class FaultPlan(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<PlannedFailure> _failures = [];
    private readonly List<CutOff> _cuts = [];

    /// <summary>How long every write takes before it has its effect.</summary>
    public TimeSpan WriteLatency { get; set; }

    /// <summary>True: every request is answered with 503. Watches that are open stay open.</summary>
    public bool RefuseEverything { get; set; }

    /// <summary>Lets the next writes that match fail; those that are refused anyhow do not count as failed after their effect.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="moment">Before or after the change is made.</param>
    /// <param name="form">What the client sees.</param>
    /// <param name="match">Which; null for all.</param>
    public void FailWrites(int count, FaultMoment moment, FaultForm form = FaultForm.BrokenConnection, Func<ApiRequest, bool>? match = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (_gate)
        {
            _failures.Add(new PlannedFailure(moment, form, match ?? (_ => true)) { Left = count });
        }
    }

    /// <summary>Cuts a client off after so many more of its writes took effect; from then on each of its requests breaks, reads and watches too.</summary>
    /// <param name="match">Whose requests; usually by <see cref="ApiRequest.User"/> or <see cref="ApiRequest.UserAgent"/>.</param>
    /// <param name="afterWrites">0 cuts at once.</param>
    /// <param name="losesLastAnswer">True: the last write takes effect, but its client never learns.</param>
    public CutOff CutOff(Func<ApiRequest, bool> match, int afterWrites, bool losesLastAnswer = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterWrites);
        var cut = new CutOff(match, afterWrites, losesLastAnswer, ended => { lock (_gate) { _cuts.Remove(ended); } });
        lock (_gate)
        {
            _cuts.Add(cut);
        }

        return cut;
    }

    /// <summary>Forgets everything that is planned.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _failures.Clear();
            _cuts.Clear();
        }

        (WriteLatency, RefuseEverything) = (TimeSpan.Zero, false);
    }

    /// <exception cref="ApiException">The planned refusal.</exception>
    /// <exception cref="BrokenConnectionException">The planned break.</exception>
    internal async Task BeforeAsync(ApiRequest request, CancellationToken cancellation)
    {
        if (RefuseEverything)
        {
            throw Refusal.Unavailable("the server is currently unable to handle the request");
        }

        if (Barred(request))
        {
            throw new BrokenConnectionException();
        }

        if (request.IsWrite)
        {
            if (WriteLatency > TimeSpan.Zero)
            {
                await Task.Delay(WriteLatency, time, cancellation);
            }

            Fail(Take(request, FaultMoment.BeforeEffect));
        }
    }

    /// <summary>To be called when a write took effect, before its answer goes out.</summary>
    internal void After(ApiRequest request)
    {
        bool lost;
        lock (_gate)
        {
            lost = _cuts.ConvertAll(cut => cut.Count(request)).Contains(true);
        }

        Fail(lost ? FaultForm.BrokenConnection : Take(request, FaultMoment.AfterEffect));
    }

    private bool Barred(ApiRequest request)
    {
        lock (_gate)
        {
            return _cuts.Exists(cut => cut.Bars(request));
        }
    }

    private FaultForm? Take(ApiRequest request, FaultMoment moment)
    {
        lock (_gate)
        {
            var failure = _failures.Find(one => one.Moment == moment && one.Match(request));
            if (failure is not null && --failure.Left == 0)
            {
                _failures.Remove(failure);
            }

            return failure?.Form;
        }
    }

    private static void Fail(FaultForm? form)
    {
        switch (form)
        {
            case null:
                return;
            case FaultForm.BrokenConnection:
                throw new BrokenConnectionException();
            case FaultForm.InternalError:
                throw Refusal.Internal("etcdserver: a fault that a test planned");
            case FaultForm.Unavailable:
                throw Refusal.Unavailable("the server is currently unable to handle the request");
            case FaultForm.Timeout:
                throw new ApiException(504, "Timeout", "Timeout: request did not complete within the allotted timeout");
            default:
                throw new ApiException(429, "TooManyRequests", "too many requests, please try again later",
                    new System.Text.Json.Nodes.JsonObject { ["retryAfterSeconds"] = 1 });
        }
    }

    private sealed record PlannedFailure(FaultMoment Moment, FaultForm Form, Func<ApiRequest, bool> Match)
    {
        public int Left { get; set; }
    }
}
