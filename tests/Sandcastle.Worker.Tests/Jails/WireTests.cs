using System.Diagnostics;
using System.Text.RegularExpressions;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Jails;

public sealed class WireTests
{
    [Fact]
    public async Task Structs_and_values_are_those_of_the_jail()
    {
        using var directory = new TemporaryDirectory();
        var source = directory.Write("layout.c", WireLayout.Assertions());
        var start = new ProcessStartInfo("gcc", ["-std=c11", "-fsyntax-only", "-I", Repository.PathTo("native", "jail"), source])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        using var gcc = Process.Start(start)!;
        var errors = await gcc.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await gcc.WaitForExitAsync(TestContext.Current.CancellationToken);

        errors.ShouldBe("");
        gcc.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Message_kinds_are_all_mirrored()
    {
        var header = File.ReadAllText(Repository.PathTo("native", "jail", "wire.h"));
        var kinds = Regex.Match(header, @"enum sc_kind \{(?<body>[^}]*)\}", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["body"].Value;

        var names = Regex.Matches(kinds, @"\bSC_[A-Z_]+(?= =)", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Value);

        names.ShouldBe(WireLayout.KindNames(), ignoreOrder: true);
    }

    [Theory]
    [InlineData(0x0000, 0, null)]
    [InlineData(0x0700, 7, null)]
    [InlineData(0x0009, null, 9)]
    [InlineData(0x0086, null, 6)]
    public void WaitStatus_is_a_code_or_a_signal(int status, int? code, int? signal)
    {
        var parsed = new WaitStatus(status);

        parsed.ExitCode.ShouldBe(code);
        parsed.Signal.ShouldBe(signal);
        parsed.Succeeded.ShouldBe(status == 0);
    }

    [Fact]
    public void WriteText_too_long_or_with_nul_is_refused()
    {
        Should.Throw<ArgumentException>(() => Packet.WriteText(new byte[4], "four"));
        Should.Throw<ArgumentException>(() => Packet.WriteText(new byte[9], "a\0b"));
    }
}
