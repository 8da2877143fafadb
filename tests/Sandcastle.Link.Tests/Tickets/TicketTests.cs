using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.Tickets;
using Sandcastle.Link.Tls;

namespace Sandcastle.Link.Tests.Tickets;

public sealed class TicketTests : IDisposable
{
    private readonly Authority _authority = new();
    private readonly ShiftedClock _clock = new();
    private readonly TlsDirectory _manager;
    private readonly TlsDirectory _worker;

    public TicketTests()
    {
        _manager = new TlsDirectory(_authority.Issue(PeerNames.Manager), _clock);
        _worker = new TlsDirectory(_authority.Issue(PeerNames.Worker), _clock);
    }

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Verify_ticket_of_a_manager_names_the_tenant()
    {
        var (text, expires) = Issue();
        (expires - _clock.GetUtcNow()).ShouldBeInRange(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(61));
        (await Verifier().VerifyAsync(text)).ShouldBe((new Ticket("ml", "pod-1"), null));
    }

    [Fact]
    public async Task Verify_ticket_for_another_worker_is_refused() =>
        (await Verifier("pod-2").VerifyAsync(Issue().Text)).Reason.ShouldBe("is for another worker");

    /// <summary>Whoever may make Pods in one namespace may call one as another namespace's worker is called, and sees the tickets that are sent there.</summary>
    [Theory]
    [InlineData("pools", true)]
    [InlineData("team-b", false)]
    [InlineData("", false)]
    public async Task Verify_ticket_for_a_namesake_in_another_namespace_is_refused(string ns, bool taken)
    {
        var worker = new TlsDirectory(_authority.Issue(PeerNames.WorkerOf("pools")), _clock);
        var text = new TicketIssuer(_manager, _clock).Issue(new Ticket("ml", "pod-1", ns)).Text;

        var (ticket, reason) = await new TicketVerifier("pod-1", worker, _clock).VerifyAsync(text);

        (ticket is not null).ShouldBe(taken);
        reason.ShouldBe(taken ? null : "is for another worker");
    }

    [Fact]
    public async Task Verify_ticket_after_its_minute_is_refused()
    {
        var (text, _) = Issue();
        _clock.Advance(TimeSpan.FromSeconds(66));
        (await Verifier().VerifyAsync(text)).Reason.ShouldBe("has ended, or not begun");
    }

    [Fact]
    public async Task Verify_ticket_that_says_it_lives_longer_is_refused()
    {
        var text = Sign(_manager, lifetime: TimeSpan.FromHours(1));
        (await Verifier().VerifyAsync(text)).Reason.ShouldBe("has ended, or not begun");
    }

    [Fact]
    public async Task Verify_ticket_signed_by_a_worker_is_refused() =>
        (await Verifier().VerifyAsync(new TicketIssuer(_worker, _clock).Issue(new Ticket("ml", "pod-1")).Text)).Reason
            .ShouldBe("was not signed by a manager that this worker believes");

    [Fact]
    public async Task Verify_ticket_of_another_authoritys_manager_is_refused()
    {
        using var other = new Authority();
        var stranger = new TlsDirectory(other.Issue(PeerNames.Manager), _clock);
        (await Verifier().VerifyAsync(new TicketIssuer(stranger, _clock).Issue(new Ticket("ml", "pod-1")).Text)).Reason
            .ShouldBe("was not signed by a manager that this worker believes");
    }

    [Fact]
    public async Task Verify_ticket_with_a_managers_certificate_and_anothers_signature_is_refused()
    {
        // What an attacker can do who has seen a ticket: its certificate is no secret, its key is.
        var text = Sign(_worker, certificate: _manager.Current.Own);
        (await Verifier().VerifyAsync(text)).Reason.ShouldBe("was not signed by a manager that this worker believes");
    }

    [Fact]
    public async Task Verify_ticket_whose_tenant_was_changed_is_refused()
    {
        var parts = Issue().Text.Split('.');
        var claims = JsonSerializer.Deserialize<Dictionary<string, object>>(Base64UrlEncoder.Decode(parts[1]))!;
        claims["tenant"] = "somebody-else";
        parts[1] = Base64UrlEncoder.Encode(JsonSerializer.Serialize(claims));
        (await Verifier().VerifyAsync(string.Join('.', parts))).Ticket.ShouldBeNull();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    public async Task Verify_ticket_with_a_weaker_algorithm_is_refused(string algorithm)
    {
        var parts = Issue().Text.Split('.');
        var header = JsonSerializer.Deserialize<Dictionary<string, object>>(Base64UrlEncoder.Decode(parts[0]))!;
        header["alg"] = algorithm;
        var forged = Base64UrlEncoder.Encode(JsonSerializer.Serialize(header)) + "." + parts[1] + ".";
        if (algorithm == "HS256")
        {
            forged += Base64UrlEncoder.Encode(System.Security.Cryptography.HMACSHA256.HashData(_manager.Current.Own.RawData, Encoding.ASCII.GetBytes(forged[..^1])));
        }

        (await Verifier().VerifyAsync(forged)).Ticket.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("not a ticket")]
    public async Task Verify_no_ticket_is_refused(string text) => (await Verifier().VerifyAsync(text)).Reason.ShouldBe("is no ticket");

    [Fact]
    public async Task Verify_text_beyond_the_limit_is_not_looked_at() =>
        (await Verifier().VerifyAsync(new string('a', 8193))).Reason.ShouldBe("is longer than 8192 characters");

    private (string Text, DateTimeOffset ExpiresAt) Issue() => new TicketIssuer(_manager, _clock).Issue(new Ticket("ml", "pod-1"));

    private TicketVerifier Verifier(string worker = "pod-1") => new(worker, _worker, _clock);

    /// <summary>A ticket as only an attacker makes it.</summary>
    private string Sign(TlsDirectory signer, X509Certificate2? certificate = null, TimeSpan? lifetime = null)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        var shown = certificate ?? signer.Current.Own;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "sandcastle-manager",
            Audience = "worker.sandcastle/pod-1",
            NotBefore = now,
            Expires = now + (lifetime ?? TimeSpan.FromMinutes(1)),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["tenant"] = "ml" },
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(signer.Current.Own.GetECDsaPrivateKey()), SecurityAlgorithms.EcdsaSha256),
            AdditionalHeaderClaims = new Dictionary<string, object>(StringComparer.Ordinal) { ["x5c"] = new[] { Convert.ToBase64String(shown.RawData) } },
        });
    }
}
