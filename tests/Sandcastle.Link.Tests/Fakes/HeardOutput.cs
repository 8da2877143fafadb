using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Tests.Fakes;

/// <summary>What a caller hears of a run while it goes on.</summary>
internal sealed class HeardOutput : IRunOutput
{
    private readonly StringBuilder _heard = new();

    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Heard => _heard.ToString();

    public void OnStarted()
    {
        _heard.Append("started;");
        Started.TrySetResult();
    }

    public void OnStdout(ReadOnlySpan<byte> bytes) => _heard.Append("out ").Append(Encoding.UTF8.GetString(bytes)).Append(';');

    public void OnStderr(ReadOnlySpan<byte> bytes) => _heard.Append("err ").Append(Encoding.UTF8.GetString(bytes)).Append(';');
}
