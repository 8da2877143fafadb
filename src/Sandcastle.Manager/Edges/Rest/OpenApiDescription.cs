using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>What the OpenAPI document says beyond the endpoints' types: the key, and parameters that the handlers read themselves.</summary>
internal static class OpenApiDescription
{
    /// <summary>Of the document.</summary>
    public const string Name = "v1";

    private const string Scheme = "apiKey";

    /// <summary>Under which <see cref="EndpointDocumentation"/> has the problem.</summary>
    private const string Refused = "400";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Kube-Sandcastle", Version = "v1", Description = "Run untrusted code in a jail of its own, and get an exact bill." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The server's API key; X-API-Key carries it as well." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            foreach (var parameter in Parameters(context.Description.HttpMethod, context.Description.RelativePath))
            {
                (operation.Parameters ??= []).Add(parameter);
            }

            Answers(operation);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(static (schema, _, _) =>
        {
            NothingAbsentIsRequired(schema);
            return Task.CompletedTask;
        });
    }

    /// <summary>A null is not written, whatever the constructor insists on.</summary>
    private static void NothingAbsentIsRequired(OpenApiSchema schema)
    {
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal))
        {
            if (property.Type?.HasFlag(JsonSchemaType.Null) == true || property.OneOf?.Any(one => one.Type == JsonSchemaType.Null) == true)
            {
                schema.Required?.Remove(name);
            }
        }
    }

    /// <summary>Every status but 200 has a problem; and what a stream holds is no JSON document.</summary>
    private static void Answers(OpenApiOperation operation)
    {
        if (operation.Responses is not { } responses)
        {
            return;
        }

        if (responses.Remove(Refused, out var problem))
        {
            problem.Description = "A problem (RFC 9457): 400, 401, 403, 404, 413, 429, 503, or 500 when we failed ourselves. 429 and 503 come with Retry-After where coming back helps.";
            responses["default"] = problem;
        }

        if (responses.TryGetValue("200", out var answer) && answer.Content is { } content && content.TryGetValue("text/event-stream", out var events))
        {
            events.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Server-sent events: queued, started, stdout and stderr, then result with a RunResponse, or problem with a Problem. A comment every 15 s where nothing else is said.",
            };
        }
    }

    private static IEnumerable<OpenApiParameter> Parameters(string? method, string? path) => (method, path) switch
    {
        ("POST", "v1/runs") => [Parameter("Idempotency-Key", ParameterLocation.Header, "Makes the call safe to repeat: the same key gives the same run.")],
        (_, "v1/runs/{id}") => [Parameter("id", ParameterLocation.Path, "run_ and 24 hexadecimal digits.")],
        (_, "v1/keys/{id}") or (_, "v1/keys/{id}/rotate") => [Parameter("id", ParameterLocation.Path, "key_ and 16 hexadecimal digits.")],
        ("GET", "v1/keys") => [Parameter("tenant", ParameterLocation.Query, "Keys of this tenant only.")],
        (_, "v1/tenants/{name}") => [Parameter("name", ParameterLocation.Path, "As a namespace of Kubernetes is called.")],
        (_, "v1/usage") =>
        [
            Parameter("from", ParameterLocation.Query, "RFC 3339; inclusive; default: the first of this month."),
            Parameter("to", ParameterLocation.Query, "RFC 3339; exclusive; default: now."),
            Parameter("by", ParameterLocation.Query, "Of tenant, template, outcome, lot, hour, day: any, by commas; hour and day exclude each other. Default: template,outcome."),
            Parameter("tenant", ParameterLocation.Query, "Another tenant's, or * for all: for administrators. Default: your own."),
        ],
        (_, "v1/usage/export") =>
        [
            Parameter("from", ParameterLocation.Query, "RFC 3339; inclusive; default: the first of this month."),
            Parameter("to", ParameterLocation.Query, "RFC 3339; exclusive; default: now."),
            Parameter("format", ParameterLocation.Query, "csv or jsonl; default: csv."),
            Parameter("tenant", ParameterLocation.Query, "Another tenant's, or * for all: for administrators. Default: your own."),
        ],
        _ => [],
    };

    private static OpenApiParameter Parameter(string name, ParameterLocation location, string description) => new()
    {
        Name = name,
        In = location,
        Required = location == ParameterLocation.Path,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
