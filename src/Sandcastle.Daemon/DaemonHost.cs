using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Sandcastle.Daemon.Lifetime;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Options;
using Sandcastle.Daemon.Workers;
using Sandcastle.Manager;
using Sandcastle.Manager.Routing;
using Sandcastle.Manager.Tenants;
using Sandcastle.Worker;

namespace Sandcastle.Daemon;

/// <summary>One process that is manager and worker: the parts, put together and served on one listener.</summary>
internal static class DaemonHost
{
    /// <summary>Beyond the grace: the time to interrupt programs, write receipts and take slots down.</summary>
    private static readonly TimeSpan TearDown = TimeSpan.FromSeconds(10);

    /// <exception cref="UsageException">It cannot start as the options say.</exception>
    public static async Task<int> ServeAsync(DaemonOptions options)
    {
        using var data = DataDirectory.Take(options.DataDirectory);
        foreach (var socket in Sockets(options))
        {
            UnixSocketFile.Clear(socket);
        }

        await using var app = Build(options, data);
        try
        {
            await StartAsync(app);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new UsageException(
                options.GrpcListen is null ? $"--listen: {options.Listen} is taken by another program" : $"--listen, --grpc-listen: {e.Message}");
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while it started.
            return 0;
        }

        Announce(app, options);
        await app.WaitForShutdownAsync();
        return 0;
    }

    internal static WebApplication Build(DaemonOptions options, DataDirectory data)
    {
        // Empty: the other builders read settings from the working directory, and watch everything below it for changes.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigureLogging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // Cleartext speaks one version of HTTP: with two on a listener Kestrel would look at every connection's first bytes.
            Listen(kestrel, options.Listen, HttpProtocols.Http1);
            if (options.GrpcListen is { } grpc)
            {
                Listen(kestrel, grpc, HttpProtocols.Http2);
            }
        });
        builder.Services.AddRoutingCore();

        // With Program's switch: a request runs on the thread that saw its bytes. What may take long there yields first (RequestBoundary).
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.Configure<HostOptions>(host =>
        {
            // The listener waits for its requests, which wait for their programs, which the worker ends: so all stop at once.
            host.ServicesStopConcurrently = true;
            host.ShutdownTimeout = options.StopGrace + TearDown;
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(s => new WorkerHost(
            Installation.WorkerOptions(options), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<WorkerHost>>()));
        builder.Services.AddSingleton<IWorkerLink, LocalWorkerLink>();
        builder.Services.AddHostedService<WorkerService>();
        builder.Services.AddManager(new ManagerOptions
        {
            DataDirectory = data.Path,
            Ledger = options.Ledger,
            Admission = options.Admission,
            Retention = options.Retention,
        });
        if (options.IdleExit is { } after)
        {
            builder.Services.AddSingleton<Activity>();
            builder.Services.AddHostedService(s => ActivatorUtilities.CreateInstance<IdleExit>(s, after));
        }

        var app = builder.Build();
        if (options.IdleExit is not null)
        {
            app.Use(CountActivity(app.Services.GetRequiredService<Activity>()));
        }

        app.UseManager();
        return app;
    }

    /// <summary>A start that fails ends what did start: else the host takes its services' end for their failure, and says so at length.</summary>
    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.StopAsync();
            throw;
        }
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();

        // Data goes to stdout, prose to stderr: the only line on stdout is the one that says where we serve.
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            format.UseUtcTimestamp = true;
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("ModelContextProtocol", LogLevel.Warning);

        // A start that fails is told by Program, in one line where the reason is the user's; the host would tell it with a stack.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // While this category listens for anything, the server makes an Activity of every request, which nobody reads.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    private static IEnumerable<string> Sockets(DaemonOptions options) =>
        ((ListenAddress?[])[options.Listen, options.GrpcListen]).Select(a => a?.SocketPath).OfType<string>();

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, HttpProtocols protocols)
    {
        if (address.SocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path, listen => listen.Protocols = protocols);
        }
        else
        {
            kestrel.Listen(address.EndPoint!, listen => listen.Protocols = protocols);
        }
    }

    private static void Announce(WebApplication app, DaemonOptions options)
    {
        foreach (var socket in Sockets(options))
        {
            UnixSocketFile.Protect(socket);
        }

        // In the order of listening; a port that was 0 is known by now.
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var where = options.Listen.SocketPath is null ? bound.First() : options.Listen.ToString();
        var grpc = options.GrpcListen is null ? "" : $", gRPC on {(options.GrpcListen.SocketPath is null ? bound.Last() : options.GrpcListen)}";
        Console.Out.WriteLine($"sandcastled ready on {where}{grpc} (API key in {Path.Combine(options.DataDirectory, ApiKeyFile.Name)})");
        Console.Out.Flush();
    }

    private static Func<RequestDelegate, RequestDelegate> CountActivity(Activity activity) => next => async context =>
    {
        activity.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            activity.End();
        }
    };
}
