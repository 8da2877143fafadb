using CsCheck;
using Fuzzing;
using Sandcastle.Worker.Jails.Seccomp;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Tests.Fuzzing;

/// <summary>Whatever stands in a policy file: it is groups that render as rules, or errors that say where.</summary>
public sealed class PolicyFuzzTests
{
    private static readonly string[] Valid =
    [
        .. Directory.GetFiles(Repository.PathTo("policy", "seccomp"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        """
        constants: { A: 1, B: 0xff }
        groups:
          - name: g
            reason: because
            calls: [socket]
            decide:
              argument: 0
              mask: B
              cases:
                - is: [A, 2]
                  decide: { argument: 1, cases: [{ is: [5-9], action: EPERM }], otherwise: kill }
              otherwise: allow
        """,
    ];

    private static readonly string[] Tokens =
    [
        "allow", "kill", "EPERM", "ENOTHING", "0", "-", "0xffffffffffffffff", "18446744073709551616", "0x", "5-9", "9-5", "[A]", "[]", "{}", "&a", "*a",
        "decide:", "action:", "cases:", "argument: 6", "mask: 0", "is:", "- ", "\n", "  ", "\"\\n\"", "A", "~", "'", "\0",
    ];

    [Fact]
    public void Read_mutated_policies_are_groups_or_errors() => Property.Hold(Mutations.OfText(Valid, Tokens), 2000, text =>
    {
        var errors = new List<TemplateError>();
        var groups = SeccompPolicyReader.Read("p.yaml", text, errors);
        errors.ShouldAllBe(error => error.File == "p.yaml" && error.Line >= 0 && error.Message.Length > 0);
        if (errors.Count == 0)
        {
            // What has no error can be rendered: every name fits its field, every decision its rules.
            SeccompRules.Of(new SeccompPolicy { Groups = groups }).ShouldAllBe(rule => rule.Conditions.Count <= 3);
        }
    });

    [Fact]
    public void Read_decision_that_holds_itself_is_refused()
    {
        var errors = new List<TemplateError>();
        SeccompPolicyReader.Read("p.yaml", "groups: [{name: g, reason: r, calls: [a], decide: &d {argument: 0, cases: [{is: [1], decide: *d}]}}]", errors)
            .ShouldBeEmpty();
        errors.ShouldHaveSingleItem().Message.ShouldContain("alias");
    }
}
