using System.Net;
using System.Text;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tests;

/// <summary>Whatever is wrong with a request is a 400 that names the field, and no run.</summary>
public sealed class BadInputTests(BadInputTests.Shared shared) : IClassFixture<BadInputTests.Shared>
{
    private static readonly string Long = new('x', 256);

    [Theory]
    [InlineData("", "body", "is empty")]
    [InlineData("{\"code\":\"1\"", "body", "is not JSON: line 1")]
    [InlineData("{\n  code: 1}", "body", "is not JSON: line 2")]
    [InlineData("{\"code\":\"1\"} trailing", "body", "is not JSON")]
    [InlineData("{\"code\":\"1\",}", "body", "is not JSON")]
    [InlineData("null", "body", "must be a JSON object")]
    [InlineData("[]", "body", "must be an object, not a list")]
    [InlineData("\"code\"", "body", "must be an object, not a string")]
    public async Task Post_noJsonObject_saysWhere(string body, string field, string message) => await ShouldRefuseAsync(body, field, message);

    [Theory]
    [InlineData("{\"cod\":\"1\"}", "cod", "is unknown; the fields here are: template, code, argv")]
    [InlineData("{\"Code\":\"1\"}", "Code", "is unknown")]
    [InlineData("{\"code\":\"1\",\"limits\":{\"memory\":1}}", "limits.memory", "is unknown; the fields here are: timeoutMs, memoryMiB")]
    [InlineData("{\"code\":\"1\",\"files\":[{\"name\":\"a\"}]}", "files[0].name", "is unknown")]
    [InlineData("{\"code\":\"1\",\"code\":\"2\"}", "code", "is given twice")]
    [InlineData("{\"code\":\"1\",\"env\":{\"A\":\"1\",\"A\":\"2\"}}", "env.A", "twice")]
    public async Task Post_unknownOrDoubledField_isNamed(string body, string field, string message) => await ShouldRefuseAsync(body, field, message);

    [Theory]
    [InlineData("{\"code\":1}", "code", "must be a string, not 1")]
    [InlineData("{\"code\":\"1\",\"args\":\"x\"}", "args", "must be a list, not a string")]
    [InlineData("{\"code\":\"1\",\"args\":[1]}", "args[0]", "must be a string, not 1")]
    [InlineData("{\"code\":\"1\",\"args\":[null]}", "args[0]", "must be a string")]
    [InlineData("{\"argv\":[null]}", "argv", "must begin with the name of a program")]
    [InlineData("{\"code\":\"1\",\"env\":[]}", "env", "must be an object of strings, not a list")]
    [InlineData("{\"code\":\"1\",\"env\":{\"A\":null}}", "env.A", "must be a string")]
    [InlineData("{\"code\":\"1\",\"files\":[null]}", "files[0]", "must be an object")]
    [InlineData("{\"code\":\"1\",\"metadata\":{\"a\":null}}", "metadata.a", "must be a string")]
    [InlineData("{\"code\":\"1\",\"collect\":[null]}", "collect[0]", "is missing")]
    [InlineData("{\"code\":\"1\",\"limits\":{\"pids\":1.5}}", "limits.pids", "must be a whole number, not 1.5")]
    [InlineData("{\"code\":\"1\",\"limits\":{\"timeoutMs\":\"5\"}}", "limits.timeoutMs", "must be a whole number, not a string")]
    [InlineData("{\"code\":\"1\",\"limits\":{\"timeoutMs\":99999999999999999999}}", "limits.timeoutMs", "must be a whole number")]
    [InlineData("{\"code\":\"1\",\"limits\":{\"cpus\":\"1\"}}", "limits.cpus", "must be a number, not a string")]
    public async Task Post_wrongType_saysWhatIsExpected(string body, string field, string message) => await ShouldRefuseAsync(body, field, message);

    [Theory]
    [InlineData("{}", "code", "is missing: give either 'code' or 'argv'")]
    [InlineData("{\"template\":\"python\"}", "code", "is missing")]
    [InlineData("{\"code\":\"1\",\"argv\":[\"ls\"]}", "argv", "cannot stand beside 'code'")]
    [InlineData("{\"argv\":[]}", "argv", "must begin with the name of a program")]
    [InlineData("{\"argv\":[\"\"]}", "argv", "must begin with the name of a program")]
    [InlineData("{\"argv\":[\"ls\"],\"args\":[\"-l\"]}", "args", "go with 'code'")]
    [InlineData("{\"argv\":[\"ls\",\"a\\u0000b\"]}", "argv[1]", "holds a NUL character")]
    [InlineData("{\"code\":\"1\",\"encoding\":\"latin-1\"}", "encoding", "must be 'utf-8' or 'base64'")]
    public async Task Post_program_isExactlyOne(string body, string field, string message) => await ShouldRefuseAsync(body, field, message);

    [Theory]
    [InlineData("timeoutMs", "0", "must be at least 1, not 0")]
    [InlineData("timeoutMs", "-5", "must be at least 1, not -5")]
    [InlineData("timeoutMs", "3600001", "must be at most 3600000, not 3600001")]
    [InlineData("memoryMiB", "0", "must be at least 8, not 0")]
    [InlineData("memoryMiB", "-1", "must be at least 8")]
    [InlineData("memoryMiB", "8193", "must be at most 8192")]
    [InlineData("memoryMiB", "9223372036854775807", "must be at most 8192")]
    [InlineData("cpus", "0", "must be at least 0.01")]
    [InlineData("cpus", "-0.5", "must be at least 0.01")]
    [InlineData("cpus", "4.5", "must be at most 4")]
    [InlineData("pids", "0", "must be at least 2")]
    [InlineData("pids", "4294967298", "must be at most 1024")]
    [InlineData("diskMiB", "0", "must be at least 1")]
    [InlineData("diskMiB", "4097", "must be at most 4096")]
    [InlineData("diskInodes", "0", "must be at least 64")]
    [InlineData("outputKiB", "0", "must be at least 1")]
    [InlineData("outputKiB", "65537", "must be at most 65536")]
    [InlineData("openFiles", "0", "must be at least 16")]
    public async Task Post_limitOutOfBounds_namesTheBound(string name, string value, string message) =>
        await ShouldRefuseAsync($$$"""{"code":"1","limits":{"{{{name}}}":{{{value}}}}}""", $"limits.{name}", message);

    [Fact]
    public async Task Post_manyErrors_areAllInOneAnswer()
    {
        var problem = await shared.Server.RefusedAsync("""
            {"code":"1","argv":["ls"],"encoding":"x","env":{"1A":"v"},"files":[{"path":"/etc/passwd","content":""},{"path":"ok"}],
             "limits":{"timeoutMs":0,"memoryMiB":-1,"cpus":99,"pids":0,"diskMiB":99999},"collect":["../*"]}
            """);
        problem.Kind.ShouldBe(RefusalKind.Invalid);
        problem.Errors!.Select(e => e.Field).ShouldBe(
            ["argv", "env.1A", "files[0].path", "files[1].content", "collect[0]", "encoding",
                "limits.timeoutMs", "limits.memoryMiB", "limits.cpus", "limits.pids", "limits.diskMiB"], ignoreOrder: true);
    }

    [Fact]
    public async Task Post_manyFaultsOfShape_areAllInOneAnswer()
    {
        var problem = await shared.Server.RefusedAsync("""{"cod":"1","args":5,"limits":{"pids":"many","ram":1}}""");
        problem.Errors!.Select(e => e.Field).ShouldBe(["cod", "args", "limits.pids", "limits.ram"]);
    }

    [Fact]
    public async Task Post_unknownTemplate_namesTheKnownOnes()
    {
        var problem = await shared.Server.RefusedAsync("""{"template":"perl","code":"1","limits":{"pids":0}}""", HttpStatusCode.NotFound);
        problem.Kind.ShouldBe(RefusalKind.UnknownTemplate);
        problem.Detail.ShouldContain("bash, broken, python");
        problem.Errors!.Select(e => e.Field).ShouldBe(["limits.pids", "template"]);
    }

    [Fact]
    public async Task Post_unavailableTemplate_saysWhy()
    {
        var problem = await shared.Server.RefusedAsync("""{"template":"broken","code":"1"}""", HttpStatusCode.ServiceUnavailable);
        problem.Kind.ShouldBe(RefusalKind.TemplateUnavailable);
        problem.Detail.ShouldContain("numpy is not installed");
    }

    [Theory]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("../x", "'..'")]
    [InlineData("a/../b", "'..'")]
    [InlineData("a/..", "'..'")]
    [InlineData("", "is missing")]
    [InlineData("a//b", "empty part")]
    [InlineData("a/", "empty part")]
    [InlineData("./a", "'.'")]
    [InlineData("a\\u0000b", "NUL")]
    public async Task Post_badPath_isRefused(string path, string message)
    {
        await ShouldRefuseAsync($$"""{"code":"1","files":[{"path":"{{path}}","content":""}]}""", "files[0].path", message);
        await ShouldRefuseAsync($$"""{"code":"1","collect":["{{path}}"]}""", "collect[0]", message);
    }

    [Fact]
    public async Task Post_partOf256Bytes_isRefusedAnd255IsNot()
    {
        await ShouldRefuseAsync($$"""{"code":"1","files":[{"path":"d/{{Long}}","content":""}]}""", "files[0].path", "more than 255 bytes");

        // 128 characters of two bytes each: it is bytes that count.
        await ShouldRefuseAsync($$"""{"code":"1","files":[{"path":"{{new string('é', 128)}}","content":""}]}""", "files[0].path", "255");
        await shared.Server.RunAsync($$"""{"code":"1","files":[{"path":"d/{{Long[1..]}}","content":""}]}""");
    }

    [Theory]
    [InlineData("""[{"path":"a","content":"x"},{"path":"a","content":"y"}]""", "files[1].path", "given twice")]
    [InlineData("""[{"path":"a/b","content":"x"},{"path":"a","content":"y"}]""", "files[0].path", "lies in 'a'")]
    [InlineData("""[{"path":"a","contentBase64":"!!!"}]""", "files[0].contentBase64", "is not base64")]
    [InlineData("""[{"path":"a"}]""", "files[0].content", "is missing")]
    [InlineData("""[{"path":"a","content":"","contentBase64":""}]""", "files[0].content", "cannot stand beside")]
    [InlineData("""[{"content":""}]""", "files[0].path", "is missing")]
    public async Task Post_badFiles_areRefused(string files, string field, string message) =>
        await ShouldRefuseAsync($$"""{"code":"1","files":{{files}}}""", field, message);

    [Theory]
    [InlineData("1A")]
    [InlineData("")]
    [InlineData("A=B")]
    [InlineData("A B")]
    [InlineData("A-B")]
    [InlineData("Ä")]
    public async Task Post_badEnvironmentName_isRefused(string name) =>
        await ShouldRefuseAsync($$"""{"code":"1","env":{"{{name}}":"v"} }""", $"env.{name}", "is not a name");

    [Fact]
    public async Task Post_environmentValueWithNul_isRefused() =>
        await ShouldRefuseAsync("""{"code":"1","env":{"A":"x\u0000y"}}""", "env.A", "NUL");

    [Fact]
    public async Task Post_codeThatIsNotUtf8_saysSo()
    {
        byte[] body = [.. "{\"code\":\"print('"u8, 0xff, 0xfe, .. "')\"}"u8];
        using var response = await shared.Server.PostAsync(body);
        var problem = await ManagerServer.ReadProblemAsync(response, HttpStatusCode.BadRequest);
        problem.Errors!.Single().Field.ShouldBe("code");
        problem.Errors!.Single().Message.ShouldContain("is not UTF-8");
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public async Task Post_loneSurrogate_saysSo(string half) =>
        await ShouldRefuseAsync($$"""{"code":"a{{half}}"}""", "code", "half of a surrogate pair");

    [Fact]
    public async Task Post_metadata_isBounded()
    {
        var many = string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":\"v\""));
        await ShouldRefuseAsync($$$"""{"code":"1","metadata":{{{{many}}}}}""", "metadata", "has 17 entries; the maximum is 16");
        await ShouldRefuseAsync($$"""{"code":"1","metadata":{"k":"{{new string('v', 1025)}}"} }""", "metadata.k", "more than 1024 bytes");
        await ShouldRefuseAsync("""{"code":"1","metadata":{"":"v"}}""", "metadata.", "1 to 64 bytes");
    }

    [Fact]
    public async Task Post_arguments_areBounded()
    {
        var many = string.Join(',', Enumerable.Repeat("\"a\"", 4097));
        await ShouldRefuseAsync($$"""{"code":"1","args":[{{many}}]}""", "args", "has 4097 entries; the maximum is 4096");
        await ShouldRefuseAsync($$"""{"argv":["x","{{new string('a', 131072)}}"]}""", "argv[1]", "the maximum is 131071");
    }

    [Theory]
    [InlineData("\"profile\":\"gvisor\"", "profile", "template 'python' runs under 'fork'")]
    [InlineData("\"profile\":\"docker\"", "profile", "must be 'fork', 'nsjail' or 'gvisor'")]
    [InlineData("\"requireKeep\":\"nsjail\"", "requireKeep", "template 'python' stands in 'builtin'")]
    [InlineData("\"requireKeep\":\"steel\"", "requireKeep", "must be 'nsjail' or 'builtin'")]
    public async Task Post_wallThatIsNotThere_isRefused(string demand, string field, string message) =>
        await ShouldRefuseAsync($$"""{"code":"1",{{demand}}}""", field, message);

    [Fact]
    public async Task Post_contentOver16MiB_isTooLarge()
    {
        var text = new string('x', (16 << 20) + 1);
        foreach (var body in (string[])
            [$$"""{"code":"{{text}}"}""", $$"""{"code":"1","stdin":"{{text}}"}""", $$"""{"code":"1","files":[{"path":"a","content":"{{text}}"}]}"""])
        {
            (await shared.Server.RefusedAsync(body, HttpStatusCode.RequestEntityTooLarge)).Kind.ShouldBe(RefusalKind.TooLarge);
        }
    }

    [Fact]
    public async Task Post_16MiBAsBase64_passes()
    {
        var base64 = Convert.ToBase64String(new byte[(16 << 20) - 16]);
        await shared.Server.RunAsync($$"""{"code":"1","files":[{"path":"a","contentBase64":"{{base64}}"}]}""");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_bodyOverTheLimit_isTooLargeBeforeItIsRead(bool lengthIsKnown)
    {
        await using var server = await ManagerServer.StartAsync(admission: new AdmissionOptions { ContentBytes = 1000 });
        var body = Encoding.UTF8.GetBytes($$"""{"code":"{{new string('x', 2 << 20)}}"}""");
        using var response = await server.PostAsync(body, request => request.Headers.TransferEncodingChunked = !lengthIsKnown);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.RequestEntityTooLarge)).Kind.ShouldBe(RefusalKind.TooLarge);
    }

    private async Task ShouldRefuseAsync(string body, string field, string message)
    {
        var problem = await shared.Server.RefusedAsync(body);
        problem.Kind.ShouldBe(RefusalKind.Invalid);
        problem.Errors!.ShouldContain(e => e.Field == field && e.Message.Contains(message, StringComparison.Ordinal), problem.Detail);
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal ManagerServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await ManagerServer.StartAsync(new FakeWorker
        {
            Templates =
            [
                FakeWorker.Template("python"),
                FakeWorker.Template("bash"),
                FakeWorker.Template("broken") with { UnavailableReason = "numpy is not installed" },
            ],
        });

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
