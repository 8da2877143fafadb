using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Net.Sockets;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Events;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Load;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Reconcile;
using Sandcastle.Operator.Retail;
using Sandcastle.Operator.Telemetry;

namespace Sandcastle.Operator;

/// <summary>
/// The operator, put together. One of several leads (<see cref="Leadership"/>); while it does, <see cref="OperatorLoop"/> watches pools,
/// lots, Workloads and Pods, asks managers for load (<see cref="ILoadSource"/>), and for each pool that something happened to makes a plan
/// (<see cref="PoolPlanner"/>: pure, objects in, actions out) and applies it, write by write. Beside it <see cref="RetailLoop"/> does the same
/// for tenants and their leases.
/// </summary>
public static class OperatorSetup
{
    /// <summary>Adds the operator. The host adds a <see cref="KubernetesClientConfiguration"/>, and may add an <see cref="ILoadSource"/> of its own.</summary>
    /// <exception cref="ArgumentException">The options cannot be so; the message has every reason.</exception>
    public static void AddOperator(this IServiceCollection services, OperatorOptions options)
    {
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(s => new OperatorMetrics(s.GetService<IMeterFactory>()));
        services.AddSingleton(s => new Kubernetes(s.GetRequiredService<KubernetesClientConfiguration>()));
        services.AddSingleton<ApiClient>();
        services.AddSingleton<OperatorHealth>();
        services.AddSingleton(s => new Leadership(
            s.GetRequiredService<ApiClient>(), options.Namespace, options.Lease, s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<OperatorMetrics>(), s.GetRequiredService<ILogger<Leadership>>()));
        services.AddSingleton(s => new EventRecorder(
            s.GetRequiredService<ApiClient>(), options.Lease.Identity, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<EventRecorder>>()));
        services.AddSingleton<CertificateBoard>();
        services.AddSingleton<CertificateLoop>();
        if (options.Certificates?.Source == CertificateSource.CertManager)
        {
            services.AddSingleton<ICertificateKeeper, CertManagerKeeper>();
        }
        else
        {
            services.AddSingleton<ICertificateKeeper, CertificateKeeper>();
        }

        services.AddSingleton<PlanApplier>();
        services.AddSingleton(s => new RetailMetrics(s.GetRequiredService<TimeProvider>(), s.GetService<IMeterFactory>()));
        services.AddSingleton<RetailLoop>();
        AddLoad(services, options);
        services.AddHostedService<OperatorLoop>();
    }

    private static void AddLoad(IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton<OperatorCertificate>();
        services.AddSingleton(options.Managers);
        services.AddTransient<ManagerCalls>();
        services.TryAddSingleton<ILoadSource, ManagerLoadSource>();
        services.TryAddSingleton<IUseSource, ManagerUseSource>();
        services.AddHttpClient(ManagerCalls.ClientName).ConfigurePrimaryHttpMessageHandler(s => new SocketsHttpHandler
        {
            // A renewed certificate is used from the next connection on.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    var stream = new NetworkStream(socket, ownsSocket: true);
                    if (options.Managers.Scheme == "http")
                    {
                        return stream;
                    }

                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsClientAsync(await s.GetRequiredService<OperatorCertificate>().ForAsync(options.Managers.ServerName, cancellationToken), cancellationToken);
                    return tls;
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        });
    }
}
