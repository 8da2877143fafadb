using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>Puts plain request delegates into the OpenAPI document, which by itself sees only bound handlers.</summary>
internal static class EndpointDocumentation
{
    private static readonly ProducesResponseTypeMetadata ProducesProblem =
        new(StatusCodes.Status400BadRequest, typeof(Problem), ["application/problem+json"]);

    public static IEndpointConventionBuilder Document(this IEndpointConventionBuilder endpoint, RequestDelegate handler) =>
        endpoint.WithMetadata(handler.Method, ProducesProblem);

    public static IEndpointConventionBuilder Produces<T>(this IEndpointConventionBuilder endpoint, params string[] contentTypes) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(
            StatusCodes.Status200OK, typeof(T), contentTypes.Length == 0 ? ["application/json"] : contentTypes));

    /// <summary>Any content type passes (curl calls its body a form); the document names JSON first.</summary>
    public static IEndpointConventionBuilder Accepts<T>(this IEndpointConventionBuilder endpoint) =>
        endpoint.WithMetadata(new AcceptsMetadata(["application/json", "*/*"], typeof(T)));
}
