using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CsCheck;
using Fuzzing;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Fuzzing;

/// <summary>Whatever bytes come as a request for a run: a run, or a refusal that names what is wrong. Never our failure, and never silence.</summary>
public sealed class RequestFuzzTests(RequestFuzzTests.Shared shared) : IClassFixture<RequestFuzzTests.Shared>
{
    private static readonly string[] Valid =
    [
        """{"code":"print(1)"}""",
        """{"template":"bash","argv":["ls","-l"],"stdin":"text","env":{"A":"b","C":""},"metadata":{"k":"v"},"encoding":"base64"}""",
        """{"code":"1","args":["a","é"],"files":[{"path":"a/b.txt","content":"x"},{"path":"c","contentBase64":"AAEC"}],"collect":["out/**","*.png"],"profile":"fork","requireKeep":"builtin"}""",
        """{"code":"1","limits":{"timeoutMs":1000,"memoryMiB":64,"cpus":0.5,"pids":16,"diskMiB":8,"diskInodes":1000,"outputKiB":10,"openFiles":64}}""",
    ];

    private static readonly string[] Tokens =
    [
        "null", "true", "[]", "{}", "\"\"", "0", "-0", "-1", "1e400", "-1e400", "1e-400", "1.5", "1e3", "NaN", "Infinity", "\"NaN\"", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "99999999999999999999999999999999999999999999", "0x10", "01", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u00", "\\x", "\"code\":\"2\",", "\"limits\":{},",
        "\"env\":{\"A\":\"1\",\"A\":\"2\"},", "\"code\":null,", "\"argv\":[],", "[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":", "]", "}", ",", ":", "\"", "//", "/*", "\t", "\u0085", "\ufeff", "../", "/", "\\/", "\\u002e\\u002e/",
        "\"__proto__\":{},", "\"$ref\":\"#\",", "\"$type\":\"System.Object\",", "\"$id\":\"1\",",
    ];

    private static readonly byte[][] Bytes = [.. Tokens.Select(Encoding.UTF8.GetBytes), [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0], [0x1f, 0x8b, 8, 0]];

    [Fact]
    public async Task Post_mutatedRequests_areRunOrRefusedByField()
    {
        var mutated = Mutations.OfBytes([.. Valid.Select(Encoding.UTF8.GetBytes)], Bytes);
        await Property.HoldAsync(mutated, 3000, PostAsync, Encoding.UTF8.GetString);
        await ShouldBeHealthyAsync();
    }

    [Fact]
    public async Task Post_anyBytes_areRunOrRefusedByField()
    {
        var any = Gen.OneOf(Gen.Byte.Array[0, 300], Mutations.One(Bytes).Array[0, 40].Select(parts => parts.SelectMany(part => part).ToArray()));
        await Property.HoldAsync(any, 1500, PostAsync, Convert.ToHexString);
        await ShouldBeHealthyAsync();
    }

    [Fact]
    public async Task Post_anyValueInAnyField_isRunOrRefusedByField()
    {
        string[] fields =
        [
            "template", "code", "argv", "args", "stdin", "env", "files", "limits", "collect", "metadata", "encoding", "profile", "requireKeep", "limits.timeoutMs",
            "limits.memoryMiB", "limits.cpus", "limits.pids", "limits.diskMiB", "limits.diskInodes", "limits.outputKiB", "limits.openFiles", "env.A", "metadata.k", "limits.x",
        ];
        var bodies = Gen.Select(Mutations.One(fields), Json(3), Gen.Bool, (field, value, withCode) =>
        {
            var parts = field.Split('.');
            var member = parts.Length == 1 ? $"\"{field}\":{value}" : $"\"{parts[0]}\":{{\"{parts[1]}\":{value}}}";
            return withCode && field != "code" ? $$"""{"code":"1",{{member}}}""" : $$"""{{{member}}}""";
        });
        await Property.HoldAsync(bodies, 3000, body => PostAsync(Encoding.UTF8.GetBytes(body)), body => body);
        await ShouldBeHealthyAsync();
    }

    [Theory]
    [InlineData("{\"a\":", 200_000)]
    [InlineData("[", 200_000)]
    [InlineData("{\"files\":[{\"path\":", 50_000)]
    [InlineData("{\"env\":{\"A\":", 50_000)]
    public async Task Post_deepNesting_isRefused(string part, int times)
    {
        await PostAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, times))));
        await ShouldBeHealthyAsync();
    }

    [Theory]
    [InlineData("{\"code\":\"1\",\"NAME\":1}")]
    [InlineData("{\"code\":\"1\",\"env\":{\"NAME\":1}}")]
    [InlineData("{\"code\":\"1\",\"env\":{\"NAME\":\"\",\"NAME\":\"\"}}")]
    [InlineData("{\"code\":\"1\",\"limits\":{\"NAME\":1}}")]
    [InlineData("{\"code\":\"1\",\"template\":\"NAME\"}")]
    [InlineData("{\"code\":\"1\",\"metadata\":{\"NAME\":\"\"}}")]
    public async Task Post_nameOfAMegabyte_isNotRepeatedWhole(string body)
    {
        using var response = await shared.Server.PostAsync(body.Replace("NAME", new string('n', 1 << 20), StringComparison.Ordinal));
        ((int)response.StatusCode).ShouldBeInRange(400, 404);
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length.ShouldBeLessThan(8 << 10);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity")]
    [InlineData("deflate, gzip, no-such-coding")]
    public async Task Post_contentEncodingThatLies_changesNothing(string encoding)
    {
        using var response = await shared.Server.PostAsync(Valid[0], request => request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding));
        await ShouldBeAnswerAsync(response);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n", "{\"code\":\"1\"")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\n{\"cod")]
    [InlineData("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n{}")]
    [InlineData("Transfer-Encoding: chunked\r\n", "-1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Content-Length: -1\r\n", "{}")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")]
    [InlineData("Content-Length: 99999999999999999999\r\n", "{}")]
    public async Task Post_bodyThatIsNotAsLongAsItSays_endsAndHarmsNobody(string headers, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, shared.Server.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var request = $"POST /v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shared.Server.Key}\r\nContent-Type: application/json\r\n{headers}\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);

        // It comes to an end, with an answer or without; what was answered does not blame us.
        var answer = new StringBuilder();
        try
        {
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                answer.AppendLine(line);
            }
        }
        catch (IOException)
        {
            // Reset: the rest of what we sent was not read.
        }

        answer.ToString().ShouldNotContain(" 500 ");
        await ShouldBeHealthyAsync();
    }

    [Fact]
    public async Task Post_validRequest_isOrderedAsItWasAsked()
    {
        await using var server = await ManagerServer.StartAsync();
        var text = Gen.String[0, 20].Select(raw => new string([.. raw.Where(letter => letter != '\0' && !char.IsSurrogate(letter))]));
        var name = Gen.Char["abcXYZ_"].Array[1, 8].Select(letters => new string(letters));
        var requests = Gen.Select(text, text.Array[0, 4], text, Gen.Select(name, text).Array[0, 4], Gen.Select(name, Gen.Byte.Array[0, 20]).Array[0, 4], Gen.Long[1, 1000], Gen.Double[0.01, 4]);
        await Property.HoldAsync(requests, 300, async sample =>
        {
            var (code, args, stdin, env, files, small, cpus) = sample;
            var request = new RunRequest
            {
                Code = code,
                Args = args,
                Stdin = stdin,
                Env = env.DistinctBy(pair => pair.Item1).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
                Files = [.. files.DistinctBy(file => file.Item1).Select(file => new RunFileContent { Path = file.Item1, ContentBase64 = Convert.ToBase64String(file.Item2) })],
                Limits = new LimitsRequest { TimeoutMs = small, MemoryMiB = 8 + small, Pids = 2 + small, DiskInodes = 64 + small, OpenFiles = 16 + small, Cpus = cpus },
            };
            await server.RunAsync(JsonSerializer.Serialize(request, RestJson.Default.RunRequest));

            var order = await server.Worker.NextOrderAsync();
            Encoding.UTF8.GetString(order.Code!.Value.Span).ShouldBe(code);
            order.Args.ShouldBe(args);
            Encoding.UTF8.GetString(order.Stdin.Span).ShouldBe(stdin);
            order.Env.ShouldBe(request.Env, ignoreOrder: true);
            order.Files.Select(file => file.Path).ShouldBe(request.Files.Select(file => file.Path));
            order.Files.Select(file => Convert.ToBase64String(file.Content.Span)).ShouldBe(request.Files.Select(file => file.ContentBase64));
            order.Limits.Timeout.ShouldBe(TimeSpan.FromMilliseconds(small));
            order.Limits.MemoryBytes.ShouldBe((8 + small) << 20);
            order.Limits.Pids.ShouldBe((int)(2 + small));
            order.Limits.Cpus.ShouldBe(cpus);
        });
    }

    private static Gen<string> Json(int depth)
    {
        var scalar = Gen.OneOf(Mutations.One(Tokens[..27]), Gen.String[0, 10].Select(text => JsonSerializer.Serialize(text)), Gen.Double.Select(number => JsonSerializer.Serialize(double.IsFinite(number) ? number : 0)));
        if (depth == 0)
        {
            return scalar;
        }

        var inner = Json(depth - 1);
        return Gen.OneOf(
            scalar,
            inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"),
            Gen.Select(Mutations.One(["path", "content", "contentBase64", "A", "", "a b", "pids"]), inner).Array[0, 4]
                .Select(members => $"{{{string.Join(',', members.Select(member => $"{JsonSerializer.Serialize(member.Item1)}:{member.Item2}"))}}}"));
    }

    private async Task PostAsync(byte[] body)
    {
        using var response = await shared.Server.PostAsync(body);
        await ShouldBeAnswerAsync(response);
    }

    private static async Task ShouldBeAnswerAsync(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            await ManagerServer.ReadAsync(response);
            return;
        }

        ((int)response.StatusCode).ShouldBeInRange(400, 499);
        var problem = await ManagerServer.ReadProblemAsync(response, response.StatusCode);
        if (problem.Kind is RefusalKind.Invalid or RefusalKind.UnknownTemplate)
        {
            problem.Errors.ShouldNotBeNull().ShouldNotBeEmpty();
            problem.Errors.ShouldAllBe(error => error.Field.Length > 0 && error.Message.Length > 0);
        }
    }

    private async Task ShouldBeHealthyAsync() => (await shared.Server.RunAsync(Valid[0])).Stdout.ShouldBe("hello\n");

    public sealed class Shared : IAsyncLifetime
    {
        internal ManagerServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await ManagerServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
