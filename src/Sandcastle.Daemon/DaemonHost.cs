using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Sandcastle.Daemon.Lifetime;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Options;
using Sandcastle.Daemon.Roles;
using Sandcastle.Link.Tls;
using Sandcastle.Manager.Tenants;

namespace Sandcastle.Daemon;

/// <summary>One process of one role: its parts, put together and served.</summary>
internal static class DaemonHost
{
    /// <summary>Beyond the grace: the time to interrupt programs, write receipts and take slots down.</summary>
    private static readonly TimeSpan TearDown = TimeSpan.FromSeconds(10);

    /// <summary>How long a worker that ends waits for a manager to take its last receipts. What is left is offered at the next start.</summary>
    internal static readonly TimeSpan ReceiptPatience = TimeSpan.FromSeconds(5);

    /// <exception cref="UsageException">It cannot start as the options say.</exception>
    public static async Task<int> ServeAsync(DaemonOptions options)
    {
        using var data = DataDirectory.Take(options.DataDirectory);
        foreach (var socket in Sockets(options))
        {
            UnixSocketFile.Clear(socket);
        }

        await using var app = Build(options);
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

    internal static WebApplication Build(DaemonOptions options)
    {
        var tls = options.TlsDirectory is { } directory ? new TlsDirectory(directory, TimeProvider.System) : null;
        IRoleParts parts = options.Role switch
        {
            Role.Manager => new ManagerParts(options, tls),
            Role.Worker => new WorkerParts(options, tls),
            Role.Operator => new OperatorParts(options),
            _ => new AllParts(options),
        };

        // Empty: the other builders read settings from the working directory, and watch everything below it for changes.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigureLogging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // One version of HTTP on a cleartext listener: with two Kestrel would look at every connection's first bytes.
            MainListener.Listen(kestrel, options.Listen, tls, HttpProtocols.Http1);
            if (options.GrpcListen is { } grpc)
            {
                MainListener.Listen(kestrel, grpc, tls, HttpProtocols.Http2);
            }
        });
        builder.Services.AddRoutingCore();

        // With Program's switch: a request runs on the thread that saw its bytes. What may take long there yields first (RequestBoundary).
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.Configure<HostOptions>(host =>
        {
            // The listener waits for its requests, which wait for their programs, which the worker ends: so all stop at once.
            host.ServicesStopConcurrently = true;
            host.ShutdownTimeout = options.StopGrace + TearDown + (options.Role == Role.Worker ? ReceiptPatience : TimeSpan.Zero);
        });
        builder.Services.AddSingleton(options);
        parts.Add(builder);
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

        parts.Use(app);
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
        var how = options.Role switch
        {
            Role.Worker => $"worker; managers at {options.LinkListen!.EndPoint}",
            Role.Operator => "operator",
            _ => $"API key in {options.SharedKeyFile ?? Path.Combine(options.DataDirectory, ApiKeyFile.Name)}",
        };
        Console.Out.WriteLine($"sandcastled ready on {where}{grpc} ({how})");
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
