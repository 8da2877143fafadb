using k8s;
using k8s.Models;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Testing.ApiServer.Tests.Identity;

public sealed class TokenTests : ServerTest
{
    private readonly ManualTime _time = new();

    protected override ApiServerOptions Options => new() { Time = _time };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Client.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new() { Name = "sandcastle-user" } }, "default", cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Token_is_accepted_for_its_audience()
    {
        var token = await IssueAsync(3600, "sandcastle");

        var review = await ReviewAsync(token.Status.Token, "sandcastle");

        review.Status.Authenticated.ShouldBe(true);
        review.Status.User.Username.ShouldBe("system:serviceaccount:default:sandcastle-user");
        review.Status.User.Groups.ShouldBe(["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"]);
        review.Status.Audiences.ShouldBe(["sandcastle"]);
        token.Status.ExpirationTimestamp.ShouldBe(_time.GetUtcNow().UtcDateTime.AddHours(1));
    }

    [Fact]
    public async Task Token_for_another_audience_is_not_accepted()
    {
        var token = await IssueAsync(3600, "sandcastle");

        var review = await ReviewAsync(token.Status.Token, "elsewhere");

        review.Status.Authenticated.ShouldNotBe(true);
        review.Status.Error.ShouldContain("is invalid for the target audiences [\"elsewhere\"]");
    }

    [Fact]
    public async Task Token_that_expired_is_not_accepted()
    {
        var token = await IssueAsync(600, "sandcastle");
        _time.Advance(TimeSpan.FromSeconds(600));

        (await ReviewAsync(token.Status.Token, "sandcastle")).Status.Error.ShouldContain("expired");
    }

    [Fact]
    public async Task Token_of_an_account_that_was_made_anew_is_not_accepted()
    {
        var token = await IssueAsync(3600, "sandcastle");
        await Client.CoreV1.DeleteNamespacedServiceAccountAsync("sandcastle-user", "default", cancellationToken: Cancellation);
        await Client.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new() { Name = "sandcastle-user" } }, "default", cancellationToken: Cancellation);

        (await ReviewAsync(token.Status.Token, "sandcastle")).Status.Authenticated.ShouldNotBe(true);
    }

    [Fact]
    public async Task Token_that_nobody_issued_is_not_accepted() =>
        (await ReviewAsync("made-up", "sandcastle")).Status.Error.ShouldBe("invalid bearer token");

    [Fact]
    public async Task Token_without_an_audience_is_for_the_server_itself()
    {
        var token = await IssueAsync(3600);
        using var account = new Kubernetes(Server.ClientConfigurationWithToken(token.Status.Token));

        var status = await RefusedAsync(() => account.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation));

        status.Message.ShouldStartWith("pods is forbidden: User \"system:serviceaccount:default:sandcastle-user\" cannot list");
    }

    [Fact]
    public async Task Token_for_another_audience_does_not_open_the_server()
    {
        var token = await IssueAsync(3600, "sandcastle");
        using var account = new Kubernetes(Server.ClientConfigurationWithToken(token.Status.Token));

        (await RefusedAsync(() => account.CoreV1.ListNamespacedPodAsync("default", cancellationToken: Cancellation))).Code.ShouldBe(401);
    }

    [Fact]
    public async Task Token_of_a_user_is_for_the_server_alone()
    {
        Server.Users.Add(new User { Name = "alice", Token = "alice-token" });

        (await ReviewAsync("alice-token")).Status.User.Username.ShouldBe("alice");
        (await ReviewAsync("alice-token", "sandcastle")).Status.Authenticated.ShouldNotBe(true);
    }

    [Fact]
    public async Task Token_for_less_than_ten_minutes_is_refused() =>
        (await RefusedAsync(() => IssueAsync(599, "sandcastle"))).Message.ShouldEndWith("spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes");

    [Fact]
    public async Task Token_of_a_missing_account_is_refused()
    {
        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = ["sandcastle"] } };

        var status = await RefusedAsync(() => Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, "nobody", "default", cancellationToken: Cancellation));

        status.Message.ShouldBe("serviceaccounts \"nobody\" not found");
    }

    private Task<Authenticationv1TokenRequest> IssueAsync(long seconds, params string[] audiences) => Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
        new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = audiences, ExpirationSeconds = seconds } },
        "sandcastle-user", "default", cancellationToken: Cancellation);

    private Task<V1TokenReview> ReviewAsync(string token, params string[] audiences) => Client.AuthenticationV1.CreateTokenReviewAsync(
        new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = audiences } }, cancellationToken: Cancellation);
}
