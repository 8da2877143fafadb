using System.Diagnostics;

namespace Sandcastle.Conformance.Trials;

/// <summary>
/// Attacks in C, linked statically. Where SANDCASTLE_ATTACK_PROGRAMS names a directory, what was compiled is kept there, and taken from
/// there by who has no compiler.
/// </summary>
internal static class AttackProgram
{
    internal static async Task<byte[]> OfAsync(Attack attack)
    {
        var kept = Environment.GetEnvironmentVariable("SANDCASTLE_ATTACK_PROGRAMS");
        var directory = string.IsNullOrEmpty(kept) ? Directory.CreateTempSubdirectory("sandcastle-attack-") : Directory.CreateDirectory(kept);
        var program = Path.Combine(directory.FullName, attack.Name);
        try
        {
            if (!File.Exists(program))
            {
                await CompileAsync(attack.C!, program);
            }

            return await File.ReadAllBytesAsync(program);
        }
        finally
        {
            if (string.IsNullOrEmpty(kept))
            {
                directory.Delete(recursive: true);
            }
        }
    }

    private static async Task CompileAsync(string source, string program)
    {
        await File.WriteAllTextAsync(program + ".c", source);
        using var compiler = Process.Start("gcc", ["-static", "-O1", "-o", program, program + ".c"]);
        await compiler.WaitForExitAsync();
        compiler.ExitCode.ShouldBe(0, program);
    }
}
