using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>What a preloaded module drew at its import is not the same in every program of the zygote.</summary>
public sealed class PreloadTests : IAsyncLifetime
{
    private readonly RunningWorker _worker = new();
    private readonly TemporaryDirectory _templates = new();

    public ValueTask InitializeAsync()
    {
        _templates.Write("python.yaml", "name: python\nlanguage: python\nready: 1\npreload: [multiprocessing.process]");
        return default;
    }

    [Fact]
    public async Task Key_of_multiprocessing_is_each_programs_own()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        await _worker.StartAsync(options => options with { TemplateDirectories = [_templates.Location] });
        const string Code = "import sys\nprint(sys.modules['multiprocessing.process'].current_process().authkey.hex())";

        var first = await _worker.RunAsync("python", Code);
        var second = await _worker.RunAsync("python", Code);

        (first.Outcome, second.Outcome).ShouldBe((Outcome.Succeeded, Outcome.Succeeded));
        first.Stdout.Length.ShouldBe(65);
        second.Stdout.Span.SequenceEqual(first.Stdout.Span).ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _templates.Dispose();
    }
}
