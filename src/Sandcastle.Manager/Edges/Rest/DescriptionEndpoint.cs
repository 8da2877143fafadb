using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>
/// <c>/openapi/v1.json</c>. It is open to strangers and the same for all, so it is made once: each making takes tens of milliseconds of a processor, and
/// twenty-five a second would take all of it.
/// </summary>
internal sealed class DescriptionEndpoint([FromKeyedServices(OpenApiDescription.Name)] IOpenApiDocumentProvider documents)
{
    private readonly Lock _gate = new();
    private Task<byte[]>? _json;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet($"/openapi/{OpenApiDescription.Name}.json", GetAsync).WithMetadata(new OpenToAllAttribute()).ExcludeFromDescription();

    private async Task GetAsync(HttpContext context)
    {
        var json = await Made().WaitAsync(context.RequestAborted);
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>For nobody's request: what one of them says of its host would be told to all.</summary>
    private Task<byte[]> Made()
    {
        lock (_gate)
        {
            return _json is null or { IsFaulted: true } ? _json = MakeAsync() : _json;
        }
    }

    private async Task<byte[]> MakeAsync()
    {
        var document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        return json.ToArray();
    }
}
