using System.Text;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Admission;

/// <summary>Checks what is to run: code or a command, and its arguments. Bounds are those of execve(2).</summary>
internal static class ProgramAdmission
{
    /// <summary>MAX_ARG_STRLEN less the NUL: what Linux takes as one argument or one environment entry.</summary>
    public const int MostBytesOfOne = (128 << 10) - 1;

    private const int MostArguments = 4096;
    private const int MostBytesOfAll = 1 << 20;

    /// <summary>The code as bytes, or null for a command.</summary>
    public static ReadOnlyMemory<byte>? Check(RunRequest request, FieldErrors errors, ContentBudget budget)
    {
        switch (request)
        {
            case { Code: null, Argv: null }:
                errors.Add("code", "is missing: give either 'code' or 'argv'");
                break;
            case { Code: not null, Argv: not null }:
                errors.Add("argv", "cannot stand beside 'code': give one of the two");
                break;
            case { Argv: not null, Args.Count: > 0 }:
                errors.Add("args", "go with 'code'; a command has its arguments in 'argv'");
                break;
        }

        if (request.Argv is { } argv)
        {
            if (argv.Count == 0 || argv[0] is null or "")
            {
                errors.Add("argv", "must begin with the name of a program");
            }

            CheckArguments("argv", argv, errors, budget);
        }

        CheckArguments("args", request.Args, errors, budget);
        if (request.Code is null)
        {
            return null;
        }

        budget.Take(request.Code);
        return Encoding.UTF8.GetBytes(request.Code);
    }

    private static void CheckArguments(string field, IReadOnlyList<string>? arguments, FieldErrors errors, ContentBudget budget)
    {
        if (arguments is null)
        {
            return;
        }

        if (arguments.Count > MostArguments)
        {
            errors.Add(field, $"has {arguments.Count} entries; the maximum is {MostArguments}");
            return;
        }

        var total = 0;
        for (var i = 0; i < arguments.Count; i++)
        {
            total += CheckArgument($"{field}[{i}]", arguments[i], errors, budget);
        }

        if (total > MostBytesOfAll)
        {
            errors.Add(field, $"holds {total} bytes; the maximum is {MostBytesOfAll}");
        }
    }

    private static int CheckArgument(string field, string? argument, FieldErrors errors, ContentBudget budget)
    {
        if (argument is null)
        {
            errors.Add(field, "must be a string");
            return 0;
        }

        var bytes = budget.Take(argument);
        if (bytes > MostBytesOfOne)
        {
            errors.Add(field, $"has {bytes} bytes; the maximum is {MostBytesOfOne}");
        }

        if (argument.Contains('\0'))
        {
            errors.Add(field, "holds a NUL character");
        }

        return bytes;
    }
}
