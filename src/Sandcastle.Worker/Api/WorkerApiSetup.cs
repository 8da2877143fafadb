using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Link;

namespace Sandcastle.Worker.Api;

/// <summary>Puts the worker's end of the wire together. The host adds the <see cref="IWorker"/>, and a listener that only managers pass.</summary>
public static class WorkerApiSetup
{
    public static void AddWorkerApi(this IServiceCollection services)
    {
        services.AddSingleton<WorkerDrain>();
        services.AddSingleton<RecordedRuns>();
        services.AddSingleton<JournalReader>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LinkLimits.MessageBytes;
            grpc.MaxSendMessageSize = LinkLimits.MessageBytes;
        });
    }

    public static void MapWorkerApi(this IEndpointRouteBuilder routes) => routes.MapGrpcService<WorkerLinkService>();
}
