using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Selectors;
using Sandcastle.Testing.ApiServer.Storage;
using Sandcastle.Testing.ApiServer.Watching;

namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>Answers the verbs on objects and collections.</summary>
internal sealed class ResourceHandler(ObjectReader reader, ObjectWriter writer, ObjectRemoval removal, WatchStream watches)
{
    public Task HandleAsync(HttpContext http, ApiRequest request, ResourceDefinition definition) => request switch
    {
        { Subresource: "scale" } when definition.Scale is not null => ScaleAsync(http, request, definition),
        { Subresource: "status" } when definition.HasStatus => ObjectAsync(http, request, definition),
        { Subresource: "" } => ObjectAsync(http, request, definition),
        _ when definition.IsCustom => throw Refusal.NotFound(definition.Resource, request.Name),
        _ => throw Refusal.NoSuchResource(),
    };

    private Task ObjectAsync(HttpContext http, ApiRequest request, ResourceDefinition definition) => request.Verb switch
    {
        "get" => http.WriteObjectAsync(200, reader.Get(definition, Key(request, definition)).Read(definition)),
        "list" => ListAsync(http, request, definition),
        "watch" => watches.RunAsync(http, definition, Selection(http, request, definition), WatchOptions.Read(http.Request.Query)),
        "create" when request.Name.Length == 0 => CreateAsync(http, request, definition),
        "update" when request.Name.Length > 0 => UpdateAsync(http, request, definition),
        "patch" when request.Name.Length > 0 => PatchAsync(http, request, definition),
        "delete" when request.Subresource.Length == 0 => DeleteAsync(http, request, definition),
        "deletecollection" when request.Subresource.Length == 0 && definition.Resource != BuiltInResources.Namespaces => DeleteManyAsync(http, request, definition),
        _ => throw Refusal.MethodNotAllowed(),
    };

    private Task ListAsync(HttpContext http, ApiRequest request, ResourceDefinition definition)
    {
        var query = http.Request.Query;
        var limit = int.TryParse(query["limit"], out var given) ? given : 0;
        return http.WriteListAsync(definition, reader.List(definition, Selection(http, request, definition), limit, query["continue"].ToString()));
    }

    private async Task CreateAsync(HttpContext http, ApiRequest request, ResourceDefinition definition)
    {
        if (definition.Namespaced && request.Namespace.Length == 0)
        {
            throw Refusal.BadRequest("an empty namespace may not be set during creation");
        }

        var given = await RequestBody.ReadObjectAsync(http);
        await http.WriteObjectAsync(201, writer.Create(definition, request.Namespace, given, Options(http, replaces: false)));
    }

    private async Task UpdateAsync(HttpContext http, ApiRequest request, ResourceDefinition definition)
    {
        var given = await RequestBody.ReadObjectAsync(http);
        await http.WriteObjectAsync(200, writer.Update(definition, Key(request, definition), request.Subresource, _ => given, Options(http, replaces: true)));
    }

    private async Task PatchAsync(HttpContext http, ApiRequest request, ResourceDefinition definition)
    {
        var change = await PatchReading.ReadAsync(http, definition.IsCustom);
        await http.WriteObjectAsync(200, writer.Update(definition, Key(request, definition), request.Subresource, change, Options(http, replaces: false)));
    }

    private async Task DeleteAsync(HttpContext http, ApiRequest request, ResourceDefinition definition)
    {
        var (value, gone) = removal.Delete(definition, Key(request, definition), await DeleteOptionsAsync(http));
        await http.WriteObjectAsync(200, gone && !definition.ReturnsDeleted ? ResponseWriting.Deleted(definition, value) : value);
    }

    private async Task DeleteManyAsync(HttpContext http, ApiRequest request, ResourceDefinition definition)
    {
        var options = await DeleteOptionsAsync(http);
        var deleted = removal.DeleteMany(definition, Selection(http, request, definition), options);
        await http.WriteListAsync(definition, new ObjectList(deleted, reader.List(definition, ObjectSelection.All, 1).Revision, "", null));
    }

    private async Task ScaleAsync(HttpContext http, ApiRequest request, ResourceDefinition definition)
    {
        var key = Key(request, definition);
        Func<JsonObject, JsonObject> change;
        switch (request.Verb)
        {
            case "get":
                await http.WriteObjectAsync(200, ScaleSubresource.Read(definition, reader.Get(definition, key).Read(definition), isRead: true));
                return;
            case "update":
                var given = await RequestBody.ReadObjectAsync(http);
                change = _ => given;
                break;
            case "patch":
                change = await PatchReading.ReadAsync(http, definition.IsCustom);
                break;
            default:
                throw Refusal.MethodNotAllowed();
        }

        var next = writer.Update(
            definition, key, "",
            present => ScaleSubresource.Write(definition, present, change(ScaleSubresource.Read(definition, present, isRead: false))),
            Options(http, replaces: false));
        await http.WriteObjectAsync(200, ScaleSubresource.Read(definition, next, isRead: false));
    }

    private static async Task<DeleteOptions> DeleteOptionsAsync(HttpContext http)
    {
        var options = DeleteOptions.Read(await RequestBody.ReadAsync(http) as JsonObject);
        var query = http.Request.Query;
        return options with
        {
            GracePeriodSeconds = options.GracePeriodSeconds ?? (long.TryParse(query["gracePeriodSeconds"], out var seconds) ? seconds : null),
            PropagationPolicy = options.PropagationPolicy
                ?? (query["propagationPolicy"].ToString() is { Length: > 0 } policy ? policy : query["orphanDependents"] == "true" ? "Orphan" : null),
            DryRun = options.DryRun || query["dryRun"] == "All",
        };
    }

    private static ObjectKey Key(ApiRequest request, ResourceDefinition definition) => new(definition.Namespaced ? request.Namespace : "", request.Name);

    private static ObjectSelection Selection(HttpContext http, ApiRequest request, ResourceDefinition definition) => new(
        definition.Namespaced ? request.Namespace : "",
        LabelSelector.Parse(http.Request.Query["labelSelector"]),
        FieldSelector.Parse(http.Request.Query["fieldSelector"], definition));

    private static WriteOptions Options(HttpContext http, bool replaces) => new()
    {
        DryRun = http.Request.Query["dryRun"] == "All",
        Strict = http.Request.Query["fieldValidation"] == "Strict",
        Replaces = replaces,
    };
}
