using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Testing.ApiServer.Tests.Proxying;

public sealed class ProxyTests : ServerTest
{
    private const string Service = "api/v1/namespaces/default/services/http:manager:http/proxy";

    private Backend _backend = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _backend = await Backend.StartAsync(tls: false, Cancellation);
        Publish("manager", "http", _backend.Port);
        CreatePod("worker", "127.0.0.1", _backend.Port);
    }

    public override async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(Service)]
    [InlineData("api/v1/namespaces/default/services/manager:8080/proxy")]
    public async Task Service_is_reached_by_the_name_and_the_number_of_its_port(string path)
    {
        var answer = await ReadAsync(await SendAsync(HttpMethod.Get, $"{path}/v1/runs%2Fa//b/?x=1&y=%20"), HttpStatusCode.OK);

        answer["target"]!.GetValue<string>().ShouldBe("/v1/runs%2Fa//b/?x=1&y=%20");
        answer["method"]!.GetValue<string>().ShouldBe("GET");
    }

    [Fact]
    public async Task Pod_is_reached_by_its_address_and_port()
    {
        foreach (var name in new[] { $"http:worker:{_backend.Port}", $"worker:{_backend.Port}", "worker" })
        {
            (await SendAsync(HttpMethod.Get, $"api/v1/namespaces/default/pods/{name}/proxy/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Answer_comes_as_the_backend_gave_it()
    {
        var answer = await SendAsync(HttpMethod.Post, $"{Service}/teapot", "{}");

        ((int)answer.StatusCode).ShouldBe(418);
        answer.Headers.GetValues("X-Backend").ShouldBe(["yes"]);
    }

    [Fact]
    public async Task Authorization_stays_here_and_other_headers_go_on()
    {
        Server.Users.Add(new User { Name = "alice", Token = "alice-token", Rules = [new AccessRule { Verbs = ["get"], Resources = ["services/proxy"] }] });
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Url, $"{Service}/v1"));
        request.Headers.Add("Authorization", "Bearer alice-token");
        request.Headers.Add("X-Sandcastle-Token", "tenant-token");

        var answer = await ReadAsync(await Client.HttpClient.SendAsync(request, Cancellation), HttpStatusCode.OK);

        answer["authorization"]!.GetValue<string>().ShouldBeEmpty();
        answer["token"]!.GetValue<string>().ShouldBe("tenant-token");
        answer["host"]!.GetValue<string>().ShouldBe($"127.0.0.1:{_backend.Port}");
    }

    [Fact]
    public async Task Verb_of_a_proxied_request_is_its_own_method()
    {
        Server.Users.Add(new User { Name = "alice", Token = "alice-token", Rules = [new AccessRule { Verbs = ["get"], Resources = ["services/proxy"] }] });
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Url, $"{Service}/v1"));
        request.Headers.Add("Authorization", "Bearer alice-token");

        var answer = await ReadAsync(await Client.HttpClient.SendAsync(request, Cancellation), HttpStatusCode.Forbidden);

        answer["message"]!.GetValue<string>().ShouldBe(
            "services \"http:manager:http\" is forbidden: User \"alice\" cannot create resource \"services/proxy\" in API group \"\" in the namespace \"default\"");
    }

    [Fact]
    public async Task Answer_streams_while_the_backend_still_works()
    {
        using var answer = await SendAsync(HttpMethod.Get, $"{Service}/stream");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));

        (await lines.ReadLineAsync(Cancellation)).ShouldBe("first");
        _backend.Continue.SetResult();
        (await lines.ReadLineAsync(Cancellation)).ShouldBe("second");
        (await lines.ReadLineAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Body_may_be_larger_than_an_object()
    {
        var text = new string('x', 16 * 1024 * 1024);

        var answer = await SendAsync(HttpMethod.Post, $"{Service}/upper", text);

        (await answer.Content.ReadAsStringAsync(Cancellation)).Length.ShouldBe(text.Length + 1);
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_request_at_the_backend()
    {
        var answer = await SendAsync(HttpMethod.Get, $"{Service}/hang");
        var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        (await stream.ReadAsync(new byte[10], Cancellation)).ShouldBeGreaterThan(0);

        answer.Dispose();

        await _backend.Left.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Web_socket_goes_through()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(Server.Url, $"{Service}/socket")) { Scheme = "ws" }.Uri, Cancellation);

        await socket.SendAsync("hello"u8.ToArray().AsMemory(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), Cancellation);

        buffer[..received.Count].ShouldBe("hello"u8.ToArray());
    }

    [Fact]
    public async Task Backend_with_TLS_is_reached_whatever_its_certificate_says()
    {
        await using var secure = await Backend.StartAsync(tls: true, Cancellation);
        Publish("secure", "https", secure.Port);

        (await SendAsync(HttpMethod.Get, "api/v1/namespaces/default/services/https:secure:https/proxy/v1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Get, $"api/v1/namespaces/default/services/http:secure:https/proxy/v1")).StatusCode.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Path_without_its_slash_is_redirected() =>
        (await SendAsync(HttpMethod.Get, Service)).RequestMessage!.RequestUri!.AbsolutePath.ShouldEndWith("/proxy/");

    [Theory]
    [InlineData("services/nobody/proxy/", 404, "services \"nobody\" not found")]
    [InlineData("services/manager:9/proxy/", 503, "no service port 9 found for service \"manager\"")]
    [InlineData("services/manager:grpc/proxy/", 503, "no endpoints available for service \"manager:grpc\"")]
    [InlineData("services/a:b:c:d/proxy/", 400, "invalid service request \"a:b:c:d\"")]
    [InlineData("services/ftp:manager:http/proxy/", 400, "invalid service request \"ftp:manager:http\"")]
    [InlineData("pods/nobody:1/proxy/", 404, "pods \"nobody\" not found")]
    [InlineData("pods/pending:1/proxy/", 400, "address not allowed")]
    public async Task Backend_that_is_not_there_is_said(string path, int code, string why)
    {
        CreatePod("pending", "", 1);

        var answer = await ReadAsync(await SendAsync(HttpMethod.Get, $"api/v1/namespaces/default/{path}"), (HttpStatusCode)code);

        answer["message"]!.GetValue<string>().ShouldBe(why);
    }

    [Fact]
    public async Task Backend_that_does_not_listen_is_said()
    {
        await _backend.DisposeAsync();

        var answer = await ReadAsync(await SendAsync(HttpMethod.Get, $"{Service}/v1"), HttpStatusCode.ServiceUnavailable);

        answer["message"]!.GetValue<string>().ShouldStartWith("error trying to reach service: ");
    }

    [Fact]
    public void Proxied_writes_do_not_count_as_writes() =>
        new Requests.ApiRequest { Method = "POST", Path = "/", Verb = "create", IsResource = true, Resource = "services", Subresource = "proxy" }.IsWrite.ShouldBeFalse();

    private void Publish(string name, string port, int backend)
    {
        Server.Objects.Create("services", JsonNode.Parse(
            $$$"""{"metadata":{"name":"{{{name}}}","namespace":"default"},"spec":{"ports":[{"name":"{{{port}}}","port":8080}]}}""")!.AsObject());
        Server.Objects.Create("endpointslices.discovery.k8s.io", JsonNode.Parse(
            $$$"""
            {"metadata":{"name":"{{{name}}}-1","namespace":"default","labels":{"kubernetes.io/service-name":"{{{name}}}"}}, "addressType":"IPv4",
             "ports":[{"name":"{{{port}}}","port":{{{backend}}}}],
             "endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true}},{"addresses":["192.0.2.1"],"conditions":{"ready":false}}]}
            """)!.AsObject());
    }

    private void CreatePod(string name, string address, int port) => Server.Objects.Create("pods", JsonNode.Parse(
        $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"default"}, "status":{"phase":"Running","podIP":"{{{address}}}"},
         "spec":{"containers":[{"name":"worker","image":"example/worker:1","ports":[{"containerPort":{{{port}}}}]}]}}
        """)!.AsObject());
}

public sealed class LoopbackProxyTests : ServerTest
{
    protected override ApiServerOptions Options => new() { RefusesLoopback = true };

    [Fact]
    public async Task Pod_with_a_loopback_address_is_refused_as_by_the_real_server()
    {
        Server.Objects.Create("pods", JsonNode.Parse(
            """{"metadata":{"name":"worker","namespace":"default"},"status":{"podIP":"127.0.0.1"},"spec":{"containers":[{"name":"worker","image":"example/worker:1"}]}}""")!.AsObject());

        var answer = await ReadAsync(await SendAsync(HttpMethod.Get, "api/v1/namespaces/default/pods/worker:80/proxy/"), HttpStatusCode.BadRequest);

        answer["message"]!.GetValue<string>().ShouldBe("address not allowed");
    }
}
