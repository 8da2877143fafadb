using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Manager.Edges.Rest;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tests.Routing;

/// <summary>The rehearsal of a caller's request: it takes his way, has his refusals, and is charged to the house.</summary>
public sealed class FrontRehearsalTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rehearse_takesTheWayOfARequest_chargedToTheHouse()
    {
        await using var server = await ManagerServer.StartAsync();
        var tokens = new AskedTokens();
        await Front(server, tokens).RehearseAsync("python", Cancelled);
        var order = await server.Worker.NextOrderAsync();
        (order.Tenant, order.Template, order.Code!.Value.Length).ShouldBe(("sandcastle-system", "python", 0));
        tokens.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task Rehearse_whatIsRefused_isRefused()
    {
        await using var server = await ManagerServer.StartAsync();
        (await Should.ThrowAsync<RefusalException>(Front(server).RehearseAsync("nothing", Cancelled))).Refusal.Kind.ShouldBe(RefusalKind.UnknownTemplate);
        server.Worker.RunCount.ShouldBe(0);
    }

    [Fact]
    public async Task Rehearse_whoseTokensAre_isNotKnownNow_isPutOff()
    {
        await using var server = await ManagerServer.StartAsync();
        var front = Front(server, new SilentTokens());
        (await Should.ThrowAsync<RefusalException>(front.RehearseAsync("python", Cancelled))).Refusal.Kind.ShouldBe(RefusalKind.NoCapacity);
        server.Worker.RunCount.ShouldBe(0);
    }

    private static FrontRehearsal Front(ManagerServer server, ITokenReview? tokens = null) =>
        new(server.Services.GetRequiredService<RunEndpoints>(), new CallerCheck(server.Services.GetRequiredService<KeyRing>(), tokens));

    /// <summary>The API server is away.</summary>
    private sealed class SilentTokens : ITokenReview
    {
        public ValueTask<(Principal? Principal, string? Reason)> ReviewAsync(string token, CancellationToken cancellationToken) =>
            throw new RefusalException(new Refusal { Kind = RefusalKind.NoCapacity, Detail = "the API server does not answer" });
    }

    /// <summary>Knows nobody.</summary>
    private sealed class AskedTokens : ITokenReview
    {
        public int Asked { get; private set; }

        public ValueTask<(Principal? Principal, string? Reason)> ReviewAsync(string token, CancellationToken cancellationToken)
        {
            Asked++;
            return ValueTask.FromResult<(Principal?, string?)>((null, "is nobody's"));
        }
    }
}
