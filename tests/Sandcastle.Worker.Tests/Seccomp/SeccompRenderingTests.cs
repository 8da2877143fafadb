using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sandcastle.Linux.Errors;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>The texts that are made of the policy. What they mean to who reads them is tried in SeccompAgreementTests.</summary>
public sealed class SeccompRenderingTests(SeccompProbe probe)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Kafel_of_the_shipped_policy_is_the_one_that_was_agreed() =>
        Golden.Compare("seccomp/policy.kafel", KafelPolicy.Render(SeccompProbe.Policy, await probe.NumbersAsync(Architecture.X64), Architecture.X64));

    [Fact]
    public void Oci_of_the_shipped_policy_is_the_one_that_was_agreed() =>
        Golden.Compare("seccomp/policy.oci.json", OciSeccomp.Render(SeccompProbe.Policy, Architecture.X64).ToJsonString(Indented) + "\n");

    [Fact]
    public async Task Numbers_of_the_jail_program_are_those_of_this_machine()
    {
        var numbers = await SeccompNumbers.ReadAsync(SeccompProbe.JailProgram, TestContext.Current.CancellationToken);

        numbers.OrderBy(call => call.Value)
            .ShouldBe((await probe.NumbersAsync(RuntimeInformation.OSArchitecture)).OrderBy(call => call.Value));
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("true")]
    [InlineData("echo read zero")]
    [InlineData("echo read 0; echo read 1")]
    [InlineData("echo read 0; exit 1")]
    public async Task Numbers_of_a_program_that_fails_throw(string script)
    {
        using var directory = new TemporaryDirectory();
        var program = directory.Write("failing", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var exception = await Should.ThrowAsync<SeccompPolicyException>(() =>
            SeccompNumbers.ReadAsync(program, TestContext.Current.CancellationToken));

        exception.Errors[0].ShouldStartWith($"{program} numbers exited with ");
    }

    [Fact]
    public void Kafel_of_every_kind_of_rule_is_written_by_number_and_place()
    {
        var text = KafelPolicy.Render(Small(), new Dictionary<string, int> { ["read"] = 63, ["socket"] = 198 }, Architecture.Arm64);

        text.ShouldBe("""
            ALLOW {
            SYSCALL[198](a0, a1) { a0 == 0x2 && (a1 & 0xf) == 0x1 } /* socket */
            },
            ERRNO(1) {
            SYSCALL[198](a0) { (a0 & 0xfffffffffffffffe) == 0x0 } /* socket */,
            SYSCALL[198](a0) { a0 >= 0x3 } /* socket */
            },
            KILL_PROCESS {
            SYSCALL[63] /* read */
            }
            DEFAULT ERRNO(38)

            """);
    }

    [Fact]
    public void Oci_of_every_kind_of_rule_has_mask_before_value()
    {
        var entries = OciSeccomp.Render(Small(), Architecture.Arm64)["syscalls"]!.AsArray().Select(entry => entry!.ToJsonString());

        entries.ShouldBe(
        [
            """{"names":["read","open"],"action":"SCMP_ACT_KILL_PROCESS"}""",
            """{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":18446744073709551615,"valueTwo":2,"op":"SCMP_CMP_MASKED_EQ"},{"index":1,"value":15,"valueTwo":1,"op":"SCMP_CMP_MASKED_EQ"}]}""",
            """{"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":1,"args":[{"index":0,"value":18446744073709551614,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]}""",
            """{"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":1,"args":[{"index":0,"value":3,"op":"SCMP_CMP_GE"}]}""",
        ]);
    }

    /// <summary>A kill, a call that this machine lacks, and two arguments with every comparison there is.</summary>
    private static SeccompPolicy Small() => new()
    {
        Groups =
        [
            new SeccompGroup
            {
                Name = "families",
                Reason = "r",
                Calls = ["socket"],
                Verdict = new SeccompDecision
                {
                    Argument = 0,
                    Mask = null,
                    Cases =
                    [
                        new SeccompCase([new SeccompRange(2, 2)], new SeccompDecision
                        {
                            Argument = 1,
                            Mask = 0xf,
                            Cases = [new SeccompCase([new SeccompRange(1, 1)], SeccompAction.Allow)],
                            Otherwise = SeccompAction.Default,
                        }),
                    ],
                    Otherwise = new SeccompAction(RuleAction.Errno, Errno.EPERM),
                },
            },
            new SeccompGroup { Name = "deadly", Reason = "r", Calls = ["read", "open"], Verdict = SeccompAction.Kill },
        ],
    };
}
