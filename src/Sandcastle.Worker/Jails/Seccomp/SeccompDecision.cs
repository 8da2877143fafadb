namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>A look at one argument. Validated: cases do not overlap, lie within the mask, and no argument is looked at twice.</summary>
internal sealed record SeccompDecision : SeccompVerdict
{
    /// <summary>0 to 5.</summary>
    internal required uint Argument { get; init; }

    /// <summary>The only bits that are looked at; null compares the whole register.</summary>
    internal required ulong? Mask { get; init; }

    internal required IReadOnlyList<SeccompCase> Cases { get; init; }

    /// <summary>For every value that no case names.</summary>
    internal required SeccompAction Otherwise { get; init; }

    /// <summary>The bits that are looked at.</summary>
    internal ulong Bits => Mask ?? ulong.MaxValue;

    /// <summary>What these arguments lead to; the policy's meaning, which every rendering is held against.</summary>
    internal SeccompAction Evaluate(ReadOnlySpan<ulong> arguments)
    {
        var value = arguments[(int)Argument] & Bits;
        foreach (var candidate in Cases)
        {
            if (candidate.Values.Any(range => value >= range.First && value <= range.Last))
            {
                return candidate.Verdict as SeccompAction ?? ((SeccompDecision)candidate.Verdict).Evaluate(arguments);
            }
        }

        return Otherwise;
    }
}
