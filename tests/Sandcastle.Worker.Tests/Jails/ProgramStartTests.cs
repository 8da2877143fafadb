using System.ComponentModel;
using Sandcastle.Worker.Jails.Processes;

namespace Sandcastle.Worker.Tests.Jails;

public sealed class ProgramStartTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Program_that_is_still_open_for_writing_is_started_when_it_is_not_any_more()
    {
        var program = _directory.Write("program", "#!/bin/sh\nexit 7\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Task<ChildResult> running;
        await using (new FileStream(program, FileMode.Open, FileAccess.Write))
        {
            running = ChildProgram.RunAsync(program, [], default, Cancelled);
        }

        (await running).ExitCode.ShouldBe(7);
    }

    [Fact]
    public async Task Program_that_cannot_be_executed_at_all_is_not_waited_for()
    {
        var program = _directory.Write("program", "#!/bin/sh\n");

        (await Should.ThrowAsync<Win32Exception>(() => ChildProgram.RunAsync(program, [], default, Cancelled))).NativeErrorCode.ShouldBe(13);
    }
}
