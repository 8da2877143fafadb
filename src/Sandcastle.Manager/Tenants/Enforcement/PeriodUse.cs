using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>
/// What a tenant has used in one calendar period (UTC): what the ledger knew when it was last read, and what ended here since. A run counts
/// for the period in which its receipt is booked, here as in the ledger: by its start, one that goes on past the period's end would be in none that
/// still holds anything. Its owner holds a lock.
/// </summary>
internal sealed class PeriodUse(BudgetPeriod period)
{
    private const double Gibi = 1L << 30;

    private (double Cpu, double Gib) _read;
    private (double Cpu, double Gib) _own;
    private (double Cpu, double Gib) _ownAtRead;

    public BudgetPeriod Period { get; } = period;

    public DateTimeOffset Start { get; private set; }

    public DateTimeOffset End { get; private set; }

    /// <summary>The ledger has been asked about this period.</summary>
    public bool IsRead { get; private set; }

    public double CpuSeconds => _read.Cpu + _own.Cpu - _ownAtRead.Cpu;

    public double GibSeconds => _read.Gib + _own.Gib - _ownAtRead.Gib;

    /// <summary>
    /// A new period begins with nothing used, and that is known without asking, unless the process began within it, or its clock was set back: a
    /// period that was reached by mistake is left again, or nothing would be held until it really comes.
    /// </summary>
    public void Advance(DateTimeOffset now)
    {
        if (now >= Start && now < End)
        {
            return;
        }

        IsRead = End != default && now >= End;
        Start = BudgetCalendar.StartOf(Period, now);
        End = BudgetCalendar.EndOf(Period, now);
        _read = _own = _ownAtRead = default;
    }

    /// <summary>It ends now.</summary>
    public void Add(Receipt receipt) => _own = (_own.Cpu + (receipt.CpuMicros / 1e6), _own.Gib + (receipt.MemoryByteSeconds / Gibi));

    /// <summary>To be handed back to <see cref="Take"/>, taken before the ledger is asked: what ends in between may count twice for a moment, never not at all.</summary>
    public (DateTimeOffset Start, double Cpu, double Gib) Mark() => (Start, _own.Cpu, _own.Gib);

    /// <param name="mark">Of before the question.</param>
    /// <param name="cpuSeconds">What the ledger said.</param>
    /// <param name="gibSeconds">The same of memory.</param>
    /// <param name="whole">What had ended here by the mark was in the ledger; if not, no less is believed than what was known then.</param>
    public void Take((DateTimeOffset Start, double Cpu, double Gib) mark, double cpuSeconds, double gibSeconds, bool whole)
    {
        if (mark.Start != Start)
        {
            return;
        }

        var known = (Cpu: _read.Cpu + mark.Cpu - _ownAtRead.Cpu, Gib: _read.Gib + mark.Gib - _ownAtRead.Gib);
        _read = whole ? (cpuSeconds, gibSeconds) : (Math.Max(cpuSeconds, known.Cpu), Math.Max(gibSeconds, known.Gib));
        (_ownAtRead, IsRead) = ((mark.Cpu, mark.Gib), true);
    }
}
