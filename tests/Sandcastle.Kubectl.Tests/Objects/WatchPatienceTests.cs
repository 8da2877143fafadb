using System.Text.Json;
using Sandcastle.Cli;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Tests.Objects;

/// <summary>How long a watch waits for an API server that is away.</summary>
public sealed class WatchPatienceTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Next_waits_two_minutes_for_an_API_server_that_is_away_and_says_then_why()
    {
        var patience = new WatchPatience(_clock);

        (await patience.NextAsync(Away())).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(119));
        (await patience.NextAsync(Away())).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<CommandException>(async () => await patience.NextAsync(Away()))).Message.ShouldBe("gone");
    }

    [Fact]
    public async Task Next_begins_to_count_anew_when_the_API_server_was_there()
    {
        var patience = new WatchPatience(_clock);

        (await patience.NextAsync(Away())).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(119));
        (await patience.NextAsync(There())).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(119));

        (await patience.NextAsync(Away())).ShouldBeFalse();
    }

    [Fact]
    public async Task Next_does_not_wait_where_it_may_not_watch() => await Should.ThrowAsync<CommandException>(
        async () => await new WatchPatience(_clock).NextAsync(Failing(ExitCodes.NoPermission)));

    private static IAsyncEnumerator<JsonElement> Away() => Failing(ExitCodes.Unavailable);

    private static async IAsyncEnumerator<JsonElement> There()
    {
        await Task.CompletedTask;
        yield return JsonElement.Parse("{}");
    }

    private static async IAsyncEnumerator<JsonElement> Failing(int exitCode)
    {
        await Task.CompletedTask;
        if (exitCode > 0)
        {
            throw new CommandException("gone", exitCode);
        }

        yield break;
    }
}
