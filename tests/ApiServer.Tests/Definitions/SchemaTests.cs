using System.Net;

namespace Sandcastle.Testing.ApiServer.Tests.Definitions;

public sealed class SchemaTests : DefinitionTest
{
    [Theory]
    [InlineData("""{}""", "spec.color: Required value")]
    [InlineData("""{"color":"green"}""", "spec.color: Unsupported value: \"green\": supported values: \"red\", \"blue\"")]
    [InlineData("""{"color":"red","replicas":"many"}""", "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"")]
    [InlineData("""{"color":"red","replicas":1.5}""", "spec.replicas: Invalid value: \"float64\": spec.replicas in body must be of type int32: \"float64\"")]
    [InlineData("""{"color":"red","replicas":-1}""", "spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0")]
    [InlineData("""{"color":"red","replicas":11}""", "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10")]
    [InlineData("""{"color":"red","label":"A1"}""", "spec.label: Invalid value: \"A1\": spec.label in body should match '^[a-z]+$'")]
    [InlineData("""{"color":"red","label":"abcdef"}""", "spec.label: Too long: may not be more than 5 bytes")]
    [InlineData("""{"color":"red","label":"a"}""", "spec.label: Invalid value: \"a\": spec.label in body should be at least 2 chars long")]
    [InlineData("""{"color":"red","port":true}""", "spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\"")]
    [InlineData("""{"color":"red","when":"soon"}""", "spec.when: Invalid value: \"soon\": spec.when in body must be of type date-time: \"soon\"")]
    [InlineData("""{"color":"red","weights":{"a":"b"}}""", "spec.weights.a: Invalid value: \"string\": spec.weights.a in body must be of type integer: \"string\"")]
    [InlineData("""{"color":"red","tags":["a","a"]}""", "spec.tags[1]: Duplicate value: \"a\"")]
    [InlineData("""{"color":"red","tags":["a","b","c","d"]}""", "spec.tags: Too many: 4: must have at most 3 items")]
    [InlineData("""{"color":"red","parts":[{"name":"x"},{"name":"x"}]}""", "spec.parts[1]: Duplicate value: {\"name\":\"x\"}")]
    [InlineData("""{"color":"red","parts":[{"count":1}]}""", "spec.parts[0].name: Required value")]
    [InlineData("""{"color":null}""", "spec.color: Required value")]
    public async Task Create_value_that_breaks_the_schema_is_refused(string spec, string why)
    {
        var status = await RefusedAsync(() => CreateAsync(Widgets.Widget("a", spec)));

        status.Code.ShouldBe(422);
        status.Reason.ShouldBe("Invalid");
        status.Message.ShouldStartWith("Widget.example.com \"a\" is invalid: ");
        status.Message.ShouldContain(why);
        status.Details.Causes.ShouldContain(cause => cause.Field == why.Substring(0, why.IndexOf(':')));
    }

    [Fact]
    public async Task Create_several_errors_come_at_once()
    {
        var status = await RefusedAsync(() => CreateAsync(Widgets.Widget("a", """{"color":"green","replicas":11}""")));

        status.Message.ShouldContain("is invalid: [spec.color: ");
        status.Details.Causes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Create_defaults_are_filled_in()
    {
        var created = await CreateAsync(Widgets.Widget("a", """{"color":"red","parts":[{"name":"x"}]}"""));

        created["spec"]!["size"]!.GetValue<int>().ShouldBe(3);
        created["spec"]!["parts"]![0]!["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Create_unknown_fields_are_pruned_where_they_are_not_preserved()
    {
        var created = await CreateAsync(Widgets.Widget("a", """{"color":"red","odd":1,"free":{"odd":1},"weights":{"odd":1},"parts":[{"name":"x","odd":1}]}"""));

        created["spec"]!.AsObject().ContainsKey("odd").ShouldBeFalse();
        created["spec"]!["parts"]![0]!.AsObject().ContainsKey("odd").ShouldBeFalse();
        created["spec"]!["free"]!["odd"]!.GetValue<int>().ShouldBe(1);
        created["spec"]!["weights"]!["odd"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Create_strict_unknown_fields_are_refused()
    {
        var response = await SendAsync(
            HttpMethod.Post, "apis/example.com/v1/namespaces/default/widgets?fieldValidation=Strict", Widgets.Widget("a", """{"color":"red","odd":1}""").ToJsonString());

        (await ReadAsync(response, HttpStatusCode.BadRequest))["message"]!.GetValue<string>().ShouldBe("Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.odd\"");
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("\"http\"")]
    public async Task Create_int_or_string_takes_both(string port)
    {
        var created = await CreateAsync(Widgets.Widget("a", $$"""{"color":"red","port":{{port}}}"""));

        created["spec"]!["port"]!.ToJsonString().ShouldBe(port);
    }

    [Fact]
    public async Task Patch_result_is_held_against_the_schema()
    {
        await CreateAsync(Widgets.Widget("a"));

        var status = await RefusedAsync(() => PatchAsync("a", """{"spec":{"color":null}}"""));

        status.Message.ShouldBe("Widget.example.com \"a\" is invalid: spec.color: Required value");
    }

    [Fact]
    public async Task Create_without_kind_is_refused()
    {
        var widget = Widgets.Widget("a");
        widget.Remove("kind");

        (await RefusedAsync(() => CreateAsync(widget))).Message.ShouldStartWith("the object provided is unrecognized (must be of type Widget): Object 'Kind' is missing in ");
    }

    [Fact]
    public void Create_definition_without_types_is_no_structural_schema()
    {
        var definition = Widgets.Definition();
        definition["metadata"]!["name"] = "gadgets.example.com";
        definition["spec"]!["names"]!["plural"] = "gadgets";
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject().Remove("type");

        var refusal = Should.Throw<Errors.ApiException>(() => Server.Objects.Create("customresourcedefinitions.apiextensions.k8s.io", definition));

        refusal.Message.ShouldContain("spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields");
    }

    [Fact]
    public void Create_nullable_field_may_be_null()
    {
        var widget = Widgets.Widget("a", """{"color":"red","note":null}""");
        widget["metadata"]!["namespace"] = "default";

        Server.Objects.Create(Widgets.Resource, widget)["spec"]!.AsObject().ContainsKey("note").ShouldBeTrue();
    }
}
