using System.Net;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tests;

public sealed class KeyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-key-").FullName;

    private string KeyPath => Path.Combine(_directory, "api-key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void LoadOrCreate_firstStart_makesAPrivateKeyThatStays()
    {
        var key = ApiKeyFile.LoadOrCreate(_directory).Reveal();
        key.ShouldMatch("^e2b_[0-9a-f]{40}$");
        File.GetUnixFileMode(KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText(KeyPath).ShouldBe(key + "\n");
        ApiKeyFile.LoadOrCreate(_directory).Reveal().ShouldBe(key);
        Directory.GetFiles(_directory).ShouldBe([KeyPath]);
    }

    [Fact]
    public void LoadOrCreate_keyThatOthersMayRead_refuses()
    {
        ApiKeyFile.LoadOrCreate(_directory);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Should.Throw<InvalidOperationException>(() => ApiKeyFile.LoadOrCreate(_directory)).Message.ShouldContain("0600");
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    public void LoadOrCreate_fileWithoutAKey_refuses(string content)
    {
        File.WriteAllText(KeyPath, content);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<InvalidOperationException>(() => ApiKeyFile.LoadOrCreate(_directory)).Message.ShouldContain("holds no key");
    }

    [Fact]
    public void LoadShared_ofAFileOfSomebodys_isTheSameForAll()
    {
        var text = ApiKey.New().Reveal();
        File.WriteAllText(KeyPath, text + "\n");
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        ApiKeyFile.LoadShared(KeyPath).Reveal().ShouldBe(text);
        File.ReadAllText(KeyPath).ShouldBe(text + "\n");
    }

    /// <summary>One that is not there is not made: it would be this manager's alone.</summary>
    [Fact]
    public void LoadShared_withoutAKey_refusesAndMakesNone()
    {
        Should.Throw<InvalidOperationException>(() => ApiKeyFile.LoadShared(KeyPath)).Message.ShouldContain(KeyPath);
        File.Exists(KeyPath).ShouldBeFalse();
        File.WriteAllText(KeyPath, "secret");
        Should.Throw<InvalidOperationException>(() => ApiKeyFile.LoadShared(KeyPath)).Message.ShouldContain("holds no key");
    }

    [Theory]
    [InlineData("/v1/templates")]
    [InlineData("/v1/usage")]
    [InlineData("/v1/usage/export")]
    [InlineData("/v1/runs/run_000000000000000000000000")]
    [InlineData("/metrics")]
    [InlineData("/mcp")]
    [InlineData("/nowhere")]
    public async Task Get_withoutKey_isUnauthenticated(string path)
    {
        await using var server = await ManagerServer.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.Unauthorized)).Kind.ShouldBe(RefusalKind.Unauthenticated);
        response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/openapi/v1.json")]
    public async Task Get_probe_needsNoKey(string path)
    {
        await using var server = await ManagerServer.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Request_keyInEitherHeader_passesAndAWrongOneDoesNot()
    {
        await using var server = await ManagerServer.StartAsync();
        var wrong = server.Key[..^1] + (server.Key[^1] == '0' ? '1' : '0');
        (await StatusAsync(server, "X-API-Key", server.Key)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server, "Authorization", "bearer " + server.Key)).ShouldBe(HttpStatusCode.OK);
        foreach (var value in (string[])[wrong, server.Key + "0", server.Key[..^1], server.Key.ToUpperInvariant(), "é" + server.Key[1..], ""])
        {
            (await StatusAsync(server, "X-API-Key", value)).ShouldBe(HttpStatusCode.Unauthorized, value);
            (await StatusAsync(server, "Authorization", "Bearer " + value)).ShouldBe(HttpStatusCode.Unauthorized, value);
        }

        (await StatusAsync(server, "Authorization", "Basic " + server.Key)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpStatusCode> StatusAsync(ManagerServer server, string header, string value)
    {
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using var client = new HttpClient(handler) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/templates");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
