namespace Sandcastle.Operator.Certificates;

/// <summary>
/// What signs, what is trusted, and what will sign. An authority is followed in two steps: at two thirds of its time the next one is made
/// and trusted by everybody; when that is known everywhere, it signs. What signed before is trusted until its end.
/// </summary>
internal sealed record AuthorityState
{
    internal required KeyPair Current { get; init; }

    internal KeyPair? Next { get; init; }

    /// <summary>What everybody trusts: PEM, several certificates.</summary>
    internal required string Bundle { get; init; }

    /// <summary>What it is now to be.</summary>
    /// <param name="present">What there is; null: nothing, or nothing that can be used.</param>
    /// <param name="options">How long.</param>
    /// <param name="now">Now.</param>
    internal static AuthorityState Follow(AuthorityState? present, CertificateOptions options, DateTimeOffset now)
    {
        if (present?.Current.RenewAt() is not { } renewAt || now >= present.Current.End())
        {
            // What was trusted may still be in use somewhere.
            var first = Authority.Make(now, options.AuthorityTime);
            return new AuthorityState { Current = first, Bundle = Authority.Bundle([first.CertificatePem, present?.Bundle ?? ""], now) };
        }

        var next = present.Next?.RenewAt() is null ? null : present.Next;
        if (next is null && now >= renewAt)
        {
            next = Authority.Make(now, options.AuthorityTime);
        }

        var current = present.Current;
        if (next is not null && now >= next.Begin() + options.Overlap)
        {
            (current, next) = (next, null);
        }

        var trusted = new[] { current.CertificatePem, next?.CertificatePem ?? "", present.Bundle };
        return new AuthorityState { Current = current, Next = next, Bundle = Authority.Bundle(trusted, now) };
    }
}
