using Sandcastle.Conformance.Targets;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Conformance.Trials;

/// <summary>Attacks as requests of the API.</summary>
internal static class AttackRequest
{
    /// <summary>Where it shall be cut.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    internal static async Task<RunRequest> OfAsync(Attack attack, ITarget target)
    {
        var request = attack switch
        {
            { Python: { } python } => WithPrelude(python),
            { Bash: { } bash } => new RunRequest { Template = "bash", Code = bash },
            { C: not null } => Program(await AttackProgram.OfAsync(attack)),
            _ => throw new InvalidOperationException($"{attack} has no program"),
        };
        var time = attack.ExpectIn(target.Profile).Contains("timed_out") ? Short : target.Patience;
        return request with
        {
            Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["MANAGER_PORT"] = $"{target.Port}" },
            Collect = attack.Collect,
            Limits = new LimitsRequest { TimeoutMs = (int)time.TotalMilliseconds },
        };
    }

    /// <summary>Python written with attack.py.</summary>
    internal static RunRequest WithPrelude(string code) => new()
    {
        Template = "python",
        Code = $"from attack import *\nMANAGER_PORT = int(os.environ.get('MANAGER_PORT', '1'))\n{code}\nend()\n",
        Files = [new RunFileContent { Path = "attack.py", Content = AttackTable.Prelude }],
    };

    private static RunRequest Program(byte[] program) => new()
    {
        Template = "bash",
        Code = "chmod +x attack && exec ./attack",
        Files = [new RunFileContent { Path = "attack", ContentBase64 = Convert.ToBase64String(program) }],
    };
}
