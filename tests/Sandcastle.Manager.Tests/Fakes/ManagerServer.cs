using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Link.Tickets;
using Sandcastle.Link.Tls;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Peers;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>A whole manager on a real listener, with fake workers behind it.</summary>
internal sealed class ManagerServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsDirectory;

    private ManagerServer(WebApplication app, string directory, bool ownsDirectory, FakeWorker worker, ShiftedClock clock)
    {
        _app = app;
        _ownsDirectory = ownsDirectory;
        Directory = directory;
        Worker = worker;
        Clock = clock;
        Address = new Uri(app.Urls.First());
        GrpcAddress = new Uri(app.Urls.Last());
        Key = File.ReadAllText(Path.Combine(directory, "api-key")).Trim();
        Client = new HttpClient { BaseAddress = Address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public string Directory { get; }

    /// <summary>Of the certificate that tickets are signed with; null for a server that has none to give.</summary>
    private Authority? Authority { get; init; }

    public FakeWorker Worker { get; }

    public ShiftedClock Clock { get; }

    public Uri Address { get; }

    /// <summary>Native gRPC: HTTP/2 only.</summary>
    public Uri GrpcAddress { get; }

    public string Key { get; }

    /// <summary>Sends the right key.</summary>
    public HttpClient Client { get; }

    public ILedger Ledger => _app.Services.GetRequiredService<ILedger>();

    public IEnumerable<RouteEndpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public IServiceProvider Services => _app.Services;

    public RunService Runs => _app.Services.GetRequiredService<RunService>();

    public static async Task<ManagerServer> StartAsync(
        FakeWorker? worker = null, AdmissionOptions? admission = null, RetentionOptions? retention = null, string? directory = null, FakeWorker? second = null,
        LedgerAddress? ledger = null, TenantOptions? tenants = null, bool tickets = false,
        ITokenReview? tokens = null, PeerStage? peers = null, Action<IServiceCollection>? change = null)
    {
        worker ??= new FakeWorker();
        var clock = new ShiftedClock();
        var data = directory ?? System.IO.Directory.CreateTempSubdirectory("sandcastle-manager-").FullName;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            peers?.Listen(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IWorkerLink>(worker);
        if (second is not null)
        {
            builder.Services.AddSingleton<IWorkerLink>(second);
        }

        if (tokens is not null)
        {
            builder.Services.AddSingleton(tokens);
        }

        var authority = tickets ? new Authority() : null;
        if (authority is not null)
        {
            builder.Services.AddSingleton(new TicketIssuer(new TlsDirectory(authority.Issue(PeerNames.Manager), clock), clock));
        }

        change?.Invoke(builder.Services);
        builder.Services.AddManager(new ManagerOptions
        {
            DataDirectory = data,
            Ledger = ledger ?? LedgerAddress.Local,
            Admission = admission ?? new AdmissionOptions(),
            Retention = retention ?? new RetentionOptions(),
            Tenants = tenants ?? new TenantOptions(),
            Peers = peers?.Options ?? new PeerOptions(),
        });
        var app = builder.Build();
        app.UseManager();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ManagerServer(app, data, directory is null, worker, clock) { Authority = authority };
    }

    public Task<HttpResponseMessage> PostAsync(string body, Action<HttpRequestMessage>? change = null, CancellationToken? cancellationToken = null) =>
        PostAsync(Encoding.UTF8.GetBytes(body), change, cancellationToken);

    public async Task<HttpResponseMessage> PostAsync(byte[] body, Action<HttpRequestMessage>? change = null, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/runs") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        change?.Invoke(request);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Makes a key of a tenant, with these scopes or run and read.</summary>
    public async Task<string> NewKeyAsync(string tenant, params string[] scopes)
    {
        var request = new KeyRequest { Tenant = tenant, Scopes = scopes.Length == 0 ? null : scopes };
        using var response = await Client.PostAsync("/v1/keys", Json(request, RestJson.Default.KeyRequest), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, RestJson.Default.KeyResponse)!.Key!;
    }

    /// <summary>Gives a tenant terms of its own.</summary>
    public async Task<TenantResponse> SetTermsAsync(string tenant, TenantRequest terms)
    {
        using var response = await Client.PutAsync($"/v1/tenants/{tenant}", Json(terms, RestJson.Default.TenantRequest), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, RestJson.Default.TenantResponse)!;
    }

    /// <summary>A client with another key than the server's own.</summary>
    public HttpClient As(string key)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }

    public static StringContent Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        new(JsonSerializer.Serialize(value, type), Encoding.UTF8, "application/json");

    /// <summary>Posts and reads a run, which must have been taken.</summary>
    public async Task<RunResponse> RunAsync(string body, Action<HttpRequestMessage>? change = null)
    {
        using var response = await PostAsync(body, change);
        return await ReadAsync(response);
    }

    public static async Task<RunResponse> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, RestJson.Default.RunResponse)!;
    }

    public static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize(text, RestJson.Default.Problem)!;
        problem.Status.ShouldBe((int)status);
        return problem;
    }

    /// <summary>Posts a body that must be refused.</summary>
    public async Task<Problem> RefusedAsync(string body, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using var response = await PostAsync(body);
        return await ReadProblemAsync(response, status);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Authority?.Dispose();
        if (_ownsDirectory)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
