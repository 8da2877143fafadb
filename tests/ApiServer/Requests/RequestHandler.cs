using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Faults;
using Sandcastle.Testing.ApiServer.Identity;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Proxying;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;
using Sandcastle.Testing.ApiServer.Tokens;

namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>Takes every request: log, faults, who, whether they may, and then what they want.</summary>
internal sealed class RequestHandler(
    RequestLog log, FaultPlan faults, Authenticator authenticator, Authorizer authorizer, ResourceCatalogue catalogue, ResourceHandler resources,
    PodSubresources pods, TokenRequests tokenRequests, Reviews reviews, ProxyHandler proxy, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http)
    {
        var request = ApiRequest.Read(http.Request);
        var number = log.Begin(request, time.GetUtcNow());
        var status = 0;
        try
        {
            var caller = authenticator.Identify(http);
            request = request with { User = caller.Name };
            await faults.BeforeAsync(request, http.RequestAborted);
            authorizer.Require(caller, request);
            await AnswerAsync(http, request, caller);
            status = http.Response.StatusCode;
        }
        catch (ApiException refusal) when (!http.Response.HasStarted)
        {
            status = refusal.Code;
            if (refusal.Code == 429)
            {
                http.Response.Headers.RetryAfter = "1";
            }

            await http.WriteStatusAsync(refusal);
        }
        catch (BrokenConnectionException)
        {
            http.Abort();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }
        finally
        {
            log.Complete(number, request, status);
        }
    }

    private async Task AnswerAsync(HttpContext http, ApiRequest request, Caller caller)
    {
        if (!request.IsWrite)
        {
            await RouteAsync(http, request, caller);
            return;
        }

        // The answer waits until it is clear whether it may go out.
        var wire = http.Response.Body;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        try
        {
            await RouteAsync(http, request, caller);
        }
        finally
        {
            http.Response.Body = wire;
        }

        try
        {
            faults.After(request);
        }
        catch (ApiException)
        {
            http.Response.Clear();
            throw;
        }

        await wire.WriteAsync(answer.ToArray(), http.RequestAborted);
    }

    private async Task RouteAsync(HttpContext http, ApiRequest request, Caller caller)
    {
        if (!request.IsResource)
        {
            await PlainAsync(http, request);
            return;
        }

        var definition = catalogue.Find(request.Group, request.Version, request.Resource);
        if (definition is null)
        {
            await ReviewAsync(http, request, caller);
            return;
        }

        var key = new ObjectKey(definition.Namespaced ? request.Namespace : "", request.Name);
        switch (request.ResourceWithSubresource, request.Verb)
        {
            case ("services/proxy" or "pods/proxy", _):
                await proxy.HandleAsync(http, request);
                break;
            case ("pods/binding", "create"):
                pods.Bind(definition, key, await RequestBody.ReadObjectAsync(http));
                await http.WriteObjectAsync(201, Success(201));
                break;
            case ("pods/eviction", "create"):
                pods.Evict(definition, key, await RequestBody.ReadObjectAsync(http));
                await http.WriteObjectAsync(201, Success(201));
                break;
            case ("serviceaccounts/token", "create"):
                await http.WriteObjectAsync(201, tokenRequests.Issue(key, await RequestBody.ReadObjectAsync(http)));
                break;
            default:
                await resources.HandleAsync(http, request, definition);
                break;
        }
    }

    private async Task ReviewAsync(HttpContext http, ApiRequest request, Caller caller)
    {
        var answer = request is { Verb: "create", Name: "" } ? reviews.Answer(request, caller, await RequestBody.ReadObjectAsync(http)) : null;
        await http.WriteObjectAsync(201, answer ?? throw Refusal.NoSuchResource());
    }

    private async Task PlainAsync(HttpContext http, ApiRequest request)
    {
        if (request.Path is "/healthz" or "/readyz" or "/livez")
        {
            await http.Response.WriteAsync("ok", http.RequestAborted);
            return;
        }

        var document = request.Method == "GET" ? Discovery.Find(catalogue, request.Path) : null;
        if (document is null)
        {
            http.Response.StatusCode = 404;
            await http.Response.WriteAsync("404 page not found\n", http.RequestAborted);
            return;
        }

        await http.WriteObjectAsync(200, document);
    }

    private static JsonObject Success(int code) =>
        new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = code };
}
