using Microsoft.Extensions.Logging;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>What an operator logs, in the output of the test that runs it.</summary>
internal sealed class TestOutputLogging : ILoggerProvider, ILogger
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => _output is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            _output?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");
        }
        catch (InvalidOperationException)
        {
            // The test is over, and what still ends is of no interest.
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
