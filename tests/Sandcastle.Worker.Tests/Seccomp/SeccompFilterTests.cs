using System.ComponentModel;
using System.Runtime.InteropServices;
using Sandcastle.Worker.Jails.Processes;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Seccomp;

public sealed class SeccompFilterTests(SeccompProbe probe)
{
    private const int InstructionsMax = 4096;

    [Fact]
    public async Task CompileAsync_shipped_policy_gives_program_that_fits_without_warning()
    {
        var filter = await probe.ReadyAsync();

        filter.Warnings.ShouldBeEmpty();
        (filter.Program.Length % 8).ShouldBe(0);
        (filter.Program.Length / 8).ShouldBeLessThan(InstructionsMax / 2);
    }

    [Fact]
    public async Task CompileAsync_shipped_policy_means_in_the_kernel_what_it_means_as_data()
    {
        var machine = new BpfMachine((await probe.ReadyAsync()).Program);
        var numbers = await probe.NumbersAsync(RuntimeInformation.OSArchitecture);
        var compared = 0;
        foreach (var (call, number) in numbers)
        {
            foreach (var arguments in SeccompVector.ArgumentsOf(call))
            {
                var expected = Return(SeccompProbe.Policy.Evaluate(call, arguments));
                machine.Run(BpfMachine.NativeArchitecture, number, arguments)
                    .ShouldBe(expected, $"{call}({string.Join(", ", arguments.Select(value => $"0x{value:x}"))})");
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(5_000);
    }

    [Fact]
    public async Task CompileAsync_program_under_sanitizers_gives_the_same()
    {
        var sanitized = Repository.PathTo("artifacts", "native-asan", "sandcastle-jail");
        Assert.SkipUnless(File.Exists(sanitized), "the jail was not built with sanitizers (make native-asan)");

        var filter = await SeccompFilter.CompileAsync(SeccompProbe.Policy, sanitized, TestContext.Current.CancellationToken);

        filter.Program.ShouldBe((await probe.ReadyAsync()).Program);
        filter.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task CompileAsync_shipped_policy_answers_unknown_numbers_with_ENOSYS()
    {
        var machine = new BpfMachine((await probe.ReadyAsync()).Program);
        var known = (await probe.NumbersAsync(RuntimeInformation.OSArchitecture)).Values.ToHashSet();
        foreach (var number in Enumerable.Range(0, 2_000).Append(0x3fffffff).Append(-1).Where(number => !known.Contains(number)))
        {
            machine.Run(BpfMachine.NativeArchitecture, number, new ulong[6]).ShouldBe(Return(SeccompAction.Default), $"{number}");
        }
    }

    [Fact]
    public async Task CompileAsync_shipped_policy_kills_calls_of_other_architectures()
    {
        var machine = new BpfMachine((await probe.ReadyAsync()).Program);
        foreach (var number in Enumerable.Range(0, 600))
        {
            machine.Run(BpfMachine.I386, number, new ulong[6]).ShouldBe(BpfMachine.KillProcess);
            if (RuntimeInformation.OSArchitecture == Architecture.X64)
            {
                machine.Run(BpfMachine.NativeArchitecture, number | 0x40000000, new ulong[6]).ShouldBe(BpfMachine.KillProcess);
            }
        }
    }

    [Fact]
    public async Task CompileAsync_name_that_libseccomp_does_not_know_warns()
    {
        var filter = await CompileAsync(new SeccompRule("no_such_call", SeccompAction.Allow, []), Allow("read"));

        filter.Warnings.ShouldBe(["warning: rule 0 (no_such_call): unknown call"]);
    }

    [Fact]
    public async Task CompileAsync_name_of_another_architecture_does_not_warn() =>
        (await CompileAsync(Allow("socketcall"), Allow("riscv_flush_icache"), Allow("read"))).Warnings.ShouldBeEmpty();

    [Fact]
    public async Task CompileAsync_jail_program_that_is_not_there_throws() =>
        await Should.ThrowAsync<Win32Exception>(() =>
            SeccompFilter.CompileAsync(SeccompProbe.Policy, "/nowhere/sandcastle-jail", TestContext.Current.CancellationToken));

    [Fact]
    public async Task CompileAsync_program_that_refuses_throws_with_its_words()
    {
        using var directory = new TemporaryDirectory();
        var program = directory.Write("refusing", "#!/bin/sh\necho 'error: not today' >&2\nexit 1\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var exception = await Should.ThrowAsync<SeccompPolicyException>(() =>
            SeccompFilter.CompileAsync(SeccompProbe.Policy, program, TestContext.Current.CancellationToken));

        exception.Errors.ShouldBe([$"{program} policy exited with 1", "error: not today"]);
    }

    [Fact]
    public async Task CompileAsync_cancelled_ends_the_program()
    {
        using var directory = new TemporaryDirectory();
        var program = directory.Write("waiting", "#!/bin/sh\nexec sleep 600\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var cancellation = new CancellationTokenSource();
        var compiling = SeccompFilter.CompileAsync(SeccompProbe.Policy, program, cancellation.Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => compiling);
    }

    [Fact]
    public async Task Policy_program_with_wrong_rules_tells_all_errors_at_once()
    {
        var fine = new Rule { Action = RuleAction.Allow };
        Packet.WriteText(fine.Name, "read");
        Rule[] rules = [fine, fine, fine, fine, fine, fine, fine, fine, fine];
        rules[0].Name = default;
        rules[1].Action = default;
        rules[2].Error = 1;
        rules[3].Action = RuleAction.Errno;
        rules[4].Reserved = 1;
        rules[5].ConditionCount = 4;
        rules[6] = With(fine, new RuleCondition { Argument = 6, Compare = RuleCompare.Eq });
        rules[7] = With(fine, new RuleCondition { Compare = RuleCompare.MaskedEq, Mask = 1, Value = 2 });
        rules[8] = With(fine, new RuleCondition { Compare = RuleCompare.Eq }, new RuleCondition { Compare = RuleCompare.Ne });

        var result = await ChildProgram.RunAsync(
            SeccompProbe.JailProgram, ["policy"], MemoryMarshal.AsBytes<Rule>(rules).ToArray(), TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "error: rule 0 (): no name, or one that does not end",
            "error: rule 1 (read): no such action",
            "error: rule 2 (read): no such errno, or one that its action does not take",
            "error: rule 3 (read): no such errno, or one that its action does not take",
            "error: rule 4 (read): reserved is not 0",
            "error: rule 5 (read): too many conditions",
            "error: rule 6 (read): no such argument",
            "error: rule 7 (read): value outside its mask",
            "error: rule 8 (read): two conditions on one argument",
        ]);
    }

    [Theory]
    [InlineData(0, "error: 0 bytes are not a number of rules")]
    [InlineData(151, "error: 151 bytes are not a number of rules")]
    [InlineData(4096 * 152, "error: 4096 rules or more")]
    public async Task Policy_program_with_wrong_amount_refuses(int length, string error)
    {
        var result = await ChildProgram.RunAsync(
            SeccompProbe.JailProgram, ["policy"], new byte[length], TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith(error);
    }

    private static async Task<SeccompFilter> CompileAsync(params SeccompRule[] rules)
    {
        var groups = rules.Select((rule, index) => new SeccompGroup
        {
            Name = $"g{index}",
            Reason = "r",
            Calls = [rule.Call],
            Verdict = rule.Action,
        });
        return await SeccompFilter.CompileAsync(
            new SeccompPolicy { Groups = [.. groups] }, SeccompProbe.JailProgram, TestContext.Current.CancellationToken);
    }

    private static SeccompRule Allow(string call) => new(call, SeccompAction.Allow, []);

    private static Rule With(Rule rule, params RuleCondition[] conditions)
    {
        rule.ConditionCount = (uint)conditions.Length;
        for (var i = 0; i < conditions.Length; i++)
        {
            rule.Conditions[i] = conditions[i];
        }

        return rule;
    }

    private static uint Return(SeccompAction action) => action.Kind switch
    {
        RuleAction.Allow => BpfMachine.Allow,
        RuleAction.Kill => BpfMachine.KillProcess,
        _ => BpfMachine.Errno((int)action.Error),
    };
}
