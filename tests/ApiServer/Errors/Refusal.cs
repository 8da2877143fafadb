using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Errors;

/// <summary>Makes the refusals that every resource shares.</summary>
public static class Refusal
{
    public static ApiException NotFound(GroupResource resource, string name) =>
        new(404, "NotFound", $"{resource} \"{name}\" not found", Details(resource, name));

    public static ApiException NoSuchResource() =>
        new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static ApiException AlreadyExists(GroupResource resource, string name) =>
        new(409, "AlreadyExists", $"{resource} \"{name}\" already exists", Details(resource, name));

    public static ApiException Stale(GroupResource resource, string name) =>
        Conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Conflict(GroupResource resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource} \"{name}\": {why}", Details(resource, name));

    /// <summary>A deletion's precondition does not hold; the real server names the kind here, not the plural.</summary>
    public static ApiException Precondition(ResourceDefinition definition, string name, string why) =>
        Conflict(new GroupResource(definition.Group, definition.Kind), name, why);

    /// <summary>A replacement that had to say which state it replaces.</summary>
    public static ApiException VersionRequired(ResourceDefinition definition, string name)
    {
        var error = new FieldError("metadata.resourceVersion", "FieldValueInvalid", "Invalid value: 0: must be specified for an update");
        var details = Details(definition.Resource, name);
        details["causes"] = new JsonArray(error.ToCause());
        return new ApiException(422, "Invalid", $"{definition.Resource} \"{name}\" is invalid: {error}", details);
    }

    public static ApiException UnusablePatch() => new(422, "Invalid", "the server rejected our request due to an error in our request", new JsonObject());

    public static ApiException Forbidden(GroupResource resource, string name, string why) =>
        new(403, "Forbidden", name.Length == 0 ? $"{resource} is forbidden: {why}" : $"{resource} \"{name}\" is forbidden: {why}", Details(resource, name));

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    public static ApiException UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    public static ApiException Expired(string message) => new(410, "Expired", message);

    public static ApiException Internal(string message) =>
        new(500, "InternalError", $"Internal error occurred: {message}", new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) });

    public static ApiException Unavailable(string message) => new(503, "ServiceUnavailable", message);

    /// <summary>422 with one cause per field, or null when there is no error.</summary>
    public static ApiException? Invalid(ResourceDefinition definition, string name, IReadOnlyList<FieldError> errors)
    {
        if (errors.Count == 0)
        {
            return null;
        }

        var causes = new JsonArray();
        foreach (var error in errors)
        {
            causes.Add((JsonNode)error.ToCause());
        }

        var details = Details(definition.Resource, name);
        (details["kind"], details["causes"]) = (definition.Kind, causes);

        var kind = definition.Group.Length == 0 ? definition.Kind : $"{definition.Kind}.{definition.Group}";
        return new ApiException(422, "Invalid", $"{kind} \"{name}\" is invalid: {FieldError.Aggregate(errors)}", details);
    }

    private static JsonObject Details(GroupResource resource, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (resource.Group.Length > 0)
        {
            details["group"] = resource.Group;
        }

        details["kind"] = resource.Plural;
        return details;
    }
}
