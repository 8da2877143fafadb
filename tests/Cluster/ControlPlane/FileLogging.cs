using System.Text;
using Microsoft.Extensions.Logging;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>What is logged in this process goes where the other programs' logs are.</summary>
internal sealed class FileLogging : ILoggerProvider
{
    private readonly StreamWriter _file;
    private readonly Lock _gate = new();

    internal FileLogging(string name) => _file = new StreamWriter(
        Path.Combine(Directory.CreateDirectory(Repository.PathTo("artifacts", "cluster")).FullName, $"{name}.log"), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
    {
        AutoFlush = true,
    };

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private sealed class Lines(FileLogging owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            lock (owner._gate)
            {
                owner._file.WriteLine($"{TimeProvider.System.GetUtcNow():O} {logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
