using System.Security.Cryptography.X509Certificates;
using Sandcastle.Operator.Certificates;

namespace Sandcastle.Operator.Tests.Certificates;

public sealed class AuthorityTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly CertificateOptions _options = new();

    [Fact]
    public void Sign_makes_a_leaf_that_its_authority_vouches_for_under_all_names()
    {
        var authority = Authority.Make(Start, _options.AuthorityTime);
        var leaf = Authority.Sign(authority, ["manager.sandcastle", "sandcastle-manager.sandcastle-system.svc"], Start, _options.LeafTime);

        Holds(leaf, authority.CertificatePem, Start.AddDays(29)).ShouldBeTrue();
        Holds(leaf, authority.CertificatePem, Start.AddDays(31)).ShouldBeFalse();
        Holds(leaf, Authority.Make(Start, _options.AuthorityTime).CertificatePem, Start).ShouldBeFalse();
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem);
        certificate.MatchesHostname("manager.sandcastle").ShouldBeTrue();
        certificate.MatchesHostname("sandcastle-manager.sandcastle-system.svc").ShouldBeTrue();
        certificate.MatchesHostname("worker.sandcastle").ShouldBeFalse();
        certificate.GetECDsaPublicKey()!.KeySize.ShouldBe(256);
    }

    [Fact]
    public void RenewAt_is_two_thirds_of_the_time()
    {
        var leaf = Authority.Sign(Authority.Make(Start, _options.AuthorityTime), ["a"], Start, TimeSpan.FromDays(30));

        (leaf.RenewAt()!.Value - Start).TotalDays.ShouldBe(20, tolerance: 0.01);
    }

    [Fact]
    public void RenewAt_of_what_does_not_belong_together_is_none()
    {
        var (one, other) = (Authority.Make(Start, TimeSpan.FromDays(1)), Authority.Make(Start, TimeSpan.FromDays(1)));

        new KeyPair(one.CertificatePem, other.KeyPem).RenewAt().ShouldBeNull();
        new KeyPair("", "").RenewAt().ShouldBeNull();
        new KeyPair("no certificate", "no key").RenewAt().ShouldBeNull();
    }

    // An hour at a time over sixteen years: whatever is in use at any moment is trusted by whoever has read the Secret within a day.
    [Fact]
    public void Follow_over_three_authorities_never_leaves_a_leaf_without_trust()
    {
        var options = _options with { AuthorityTime = TimeSpan.FromDays(60), LeafTime = TimeSpan.FromDays(6), Overlap = TimeSpan.FromHours(24) };
        AuthorityState? state = null;
        KeyPair? leaf = null;
        var bundles = new List<string>();
        var signers = new HashSet<string>();
        for (var now = Start; now < Start.AddDays(150); now = now.AddHours(3))
        {
            state = AuthorityState.Follow(state, options, now);
            bundles.Add(state.Bundle);
            if (leaf?.RenewAt() is not { } at || now >= at || !leaf.IsSignedBy(state.Current, ["a"]))
            {
                leaf = Authority.Sign(state.Current, ["a"], now, options.LeafTime);
            }

            signers.Add(state.Current.CertificatePem);
            foreach (var known in bundles.TakeLast(8).Distinct())
            {
                Holds(leaf, known, now).ShouldBeTrue($"{now:u}");
            }

            Authority.Read(state.Bundle).Count.ShouldBeLessThanOrEqualTo(3);
        }

        signers.Count.ShouldBe(4);
    }

    [Fact]
    public void Follow_of_an_authority_in_its_time_changes_nothing()
    {
        var state = AuthorityState.Follow(null, _options, Start);

        AuthorityState.Follow(state, _options, Start.AddDays(1000)).ShouldBe(state);
    }

    private static bool Holds(KeyPair leaf, string trusted, DateTimeOffset at)
    {
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem);
        using var chain = new X509Chain
        {
            ChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = at.UtcDateTime,
            }.Trusting(Authority.Read(trusted)),
        };
        return chain.Build(certificate);
    }
}
