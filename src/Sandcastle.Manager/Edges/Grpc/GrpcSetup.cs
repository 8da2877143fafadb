using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sandcastle.Grpc.V1;
using Sandcastle.Manager.Admission;

namespace Sandcastle.Manager.Edges.Grpc;

/// <summary>
/// The gRPC edge: <c>sandcastle.v1</c>, server reflection and <c>grpc.health.v1</c>, native where the listener speaks HTTP/2 and as
/// gRPC-Web on every listener. Reflection and health tell nothing about anybody, so they need no key, like their REST counterparts.
/// </summary>
internal static class GrpcSetup
{
    /// <summary>Around the largest body that the listener takes: five bytes of frame and, in gRPC-Web, as many again at most.</summary>
    private const int Framing = 1 << 10;

    /// <summary>Of the services that need no key: a message is gathered before anybody looks at it, for as long as its sender likes.</summary>
    private const int MostOfStranger = 4 << 10;

    public static void AddGrpcEdge(this IServiceCollection services, AdmissionOptions admission)
    {
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MostOfStranger;

            // An answer is as large as the run's output limits allow.
            options.MaxSendMessageSize = null;
            options.Interceptors.Add<RefusalInterceptor>();
        }).AddServiceOptions<RunGrpcService>(options => options.MaxReceiveMessageSize = (int)Math.Min(int.MaxValue, admission.BodyBytes - Framing));
        services.AddSingleton<RefusalInterceptor>();
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(options => options.Services.Map(SandcastleService.Descriptor.FullName, _ => true))
            .AddCheck<ReadinessCheck>("slots");
    }

    /// <summary>Before <see cref="RequestBoundary"/>, so that its refusals are translated for gRPC-Web like every other answer.</summary>
    public static void UseGrpcEdge(this WebApplication app) => app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });

    public static void MapGrpcEdge(this WebApplication app)
    {
        app.MapGrpcService<RunGrpcService>();
        app.MapGrpcReflectionService().WithMetadata(new OpenToAllAttribute());
        app.MapGrpcHealthChecksService().WithMetadata(new OpenToAllAttribute());
    }
}
