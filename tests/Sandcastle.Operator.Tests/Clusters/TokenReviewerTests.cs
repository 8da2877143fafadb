using System.Buffers.Text;
using System.Text.Json.Nodes;
using k8s;
using Sandcastle.Operator.Tokens;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>Whose a token is, also while nobody can be asked.</summary>
public sealed class TokenReviewerTests : IAsyncLifetime
{
    private readonly HandClock _clock = new();
    private TestCluster _cluster = null!;
    private TokenReviewer _reviewer = null!;
    private string _token = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _cluster.Server.Objects.Create("serviceaccounts", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "caller", ["namespace"] = TestCluster.Namespace } });
        using var client = _cluster.Server.CreateClient();
        var request = await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            new k8s.Models.Authenticationv1TokenRequest { Spec = new k8s.Models.V1TokenRequestSpec { Audiences = ["sandcastle"], ExpirationSeconds = 3600 } },
            "caller", TestCluster.Namespace, cancellationToken: Cancelled);
        _token = request.Status.Token;
        _reviewer = new TokenReviewer(_cluster.Server.CreateClient(), _clock);
    }

    public ValueTask DisposeAsync()
    {
        _reviewer.Dispose();
        return _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Review_that_was_accepted_holds_for_ten_minutes_while_nobody_answers()
    {
        (await _reviewer.ReviewAsync(_token, Cancelled)).Namespace.ShouldBe(TestCluster.Namespace);
        _cluster.Server.Faults.RefuseEverything = true;

        _clock.Advance(TimeSpan.FromMinutes(9));
        (await _reviewer.ReviewAsync(_token, Cancelled)).Namespace.ShouldBe(TestCluster.Namespace);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await Should.ThrowAsync<Exception>(async () => await _reviewer.ReviewAsync(_token, Cancelled));
    }

    [Fact]
    public async Task Review_of_what_nobody_has_accepted_is_not_made_up()
    {
        (await _reviewer.ReviewAsync("no token at all", Cancelled)).Reason.ShouldNotBeNull();
        _cluster.Server.Faults.RefuseEverything = true;
        _clock.Advance(TimeSpan.FromMinutes(1));

        await Should.ThrowAsync<Exception>(async () => await _reviewer.ReviewAsync("no token at all", Cancelled));
        await Should.ThrowAsync<Exception>(async () => await _reviewer.ReviewAsync(_token, Cancelled));
    }

    /// <summary>A stranger needs nothing to send as many tokens as he likes.</summary>
    [Fact]
    public async Task Review_of_any_nonsense_does_not_make_it_forget_whom_it_knows()
    {
        using var reviewer = new TokenReviewer(_cluster.Server.CreateClient(), _clock, mostRemembered: 2);
        (await reviewer.ReviewAsync(_token, Cancelled)).Reason.ShouldBeNull();
        for (var i = 0; i < 5; i++)
        {
            (await reviewer.ReviewAsync($"nonsense {i}", Cancelled)).Reason.ShouldNotBeNull();
        }

        _cluster.Server.Faults.RefuseEverything = true;

        (await reviewer.ReviewAsync(_token, Cancelled)).Namespace.ShouldBe(TestCluster.Namespace);
    }

    /// <summary>An answer is an answer: what the API server refuses is refused at the next question, however lately it was accepted.</summary>
    [Fact]
    public async Task Review_of_a_revoked_token_is_refused_as_soon_as_the_server_is_asked_again()
    {
        (await _reviewer.ReviewAsync(_token, Cancelled)).Reason.ShouldBeNull();
        _cluster.Server.Objects.Delete("serviceaccounts", TestCluster.Namespace, "caller");

        _clock.Advance(TimeSpan.FromSeconds(31));

        (await _reviewer.ReviewAsync(_token, Cancelled)).Reason.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(60, false)]
    public void IsOver_goes_by_what_the_token_says_of_its_own_time(int seconds, bool isOver)
    {
        var claims = new JsonObject { ["exp"] = _clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds() };

        _reviewer.IsOver($"e30.{Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(claims.ToJsonString()))}.x").ShouldBe(isOver);
    }
}
