using System.Text;
using Microsoft.Extensions.Logging;
using Sandcastle.Linux.Processes;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;
using Sandcastle.Protocol.Templates;
using Sandcastle.Worker.Staging;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>A worker on this machine, with the real jail.</summary>
public sealed class RunningWorker : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ListLogger _log = new();
    private WorkerHost? _host;

    /// <summary>Why there is none here; null where there is.</summary>
    public static string? Missing =>
        OwnProcess.EffectiveUid != 0 ? "making jails for these tests needs root"
        : File.Exists(Repository.PathTo("artifacts", "native", "sandcastle-jail")) ? null
        : "the jail was not built: make native";

    public WorkerHost Host => _host ?? throw new InvalidOperationException("not started");

    internal string DataDirectory => _directory.PathTo("data");

    internal string StageDirectory => StageLocation.Of(DataDirectory);

    internal IReadOnlyList<string> Log => _log.Lines;

    public ValueTask InitializeAsync() => Missing is null ? new(StartAsync(options => options)) : default;

    internal async Task StartAsync(Func<WorkerOptions, WorkerOptions> adjust)
    {
        var options = adjust(new WorkerOptions
        {
            Name = "test",
            DataDirectory = DataDirectory,
            NativeDirectory = Repository.PathTo("artifacts", "native"),
            GuestDirectory = Repository.PathTo("guest"),
            PolicyDirectory = Repository.PathTo("policy", "seccomp"),
            TemplateDirectories = [Repository.PathTo("templates")],
        });
        _host = new WorkerHost(options, TimeProvider.System, _log);
        await _host.StartAsync(CancellationToken.None);
        await WaitForAsync(() => Host.Templates.All(t => !t.Available || t.SlotsReady >= t.SlotsWanted), "ready slots");
    }

    internal static RunOrder Order(string template, string code, Func<RunOrder, RunOrder>? adjust = null)
    {
        var order = new RunOrder
        {
            Id = RunId.New(),
            Tenant = "tenant",
            Template = template,
            Code = Encoding.UTF8.GetBytes(code),
            Limits = RunLimits.Default with { Timeout = TimeSpan.FromSeconds(20) },
            AcceptedTimestamp = TimeProvider.System.GetTimestamp(),
        };
        return adjust is null ? order : adjust(order);
    }

    internal Task<RunReport> RunAsync(string template, string code, Func<RunOrder, RunOrder>? adjust = null, IRunOutput? output = null) =>
        Host.RunAsync(Order(template, code, adjust), output, TestContext.Current.CancellationToken);

    internal TemplateStatus Status(string template) => Host.Templates.Single(t => t.Name == template);

    internal static async Task WaitForAsync(Func<bool> condition, string what)
    {
        var deadline = TimeProvider.System.GetTimestamp() + (60 * TimeProvider.System.TimestampFrequency);
        while (!condition())
        {
            (TimeProvider.System.GetTimestamp() < deadline).ShouldBeTrue($"waited a minute for {what}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _directory.Dispose();
    }

    private sealed class ListLogger : ILogger<WorkerHost>
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
