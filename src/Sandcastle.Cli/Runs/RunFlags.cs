using System.CommandLine;
using System.CommandLine.Parsing;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Runs;

/// <summary>The flags of <c>run</c> that say what to run, and the request that they make.</summary>
internal sealed class RunFlags
{
    private readonly Argument<string[]> _program = new("FILE")
    {
        Description = "Program to run, or - for one on stdin; what follows -- are its arguments",
        HelpName = "FILE [-- ARGS]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _code = new("--code", "-c") { Description = "Program text instead of a file", HelpName = "CODE" };

    private readonly Option<string?> _template = new("--template", "-t")
    {
        Description = "Template of the sandbox [default: by the file's extension, else python]",
        HelpName = "NAME",
    };

    private readonly LimitFlags _limits = new();
    private readonly Option<string[]> _env = Many("--env", "Environment variable; NAME alone passes on our own", "NAME=VALUE", "-e");
    private readonly Option<string?> _stdin = new("--stdin") { Description = "File that the program reads as stdin; - is our own stdin", HelpName = "FILE" };
    private readonly Option<string[]> _upload = Many("--upload", "File or directory to be there, under /home/user", "SRC[:DST]");
    private readonly Option<string[]> _download = Many("--download", "Files of /home/user to bring back into the current directory; hidden ones only where the glob names them, as .config/*", "GLOB");
    private readonly Option<string[]> _metadata = Many("--metadata", "Kept with the run and given back with its result", "NAME=VALUE");
    private readonly Option<string?> _profile = new("--profile") { Description = "Demand a profile: fork, nsjail or gvisor", HelpName = "NAME" };
    private readonly Option<string?> _keep = new("--require-keep") { Description = "Demand an outer wall: nsjail or builtin", HelpName = "NAME" };

    private readonly Option<TimeSpan?> _queue = new("--queue")
    {
        Description = "Wait in line so long, instead of being refused at once, for a limit of your tenant or for a worker with room",
        HelpName = "TIME",
        CustomParser = argument =>
        {
            if (Duration.TryParse(argument.Tokens[0].Value, out var wait))
            {
                return wait;
            }

            argument.AddError($"--queue: '{argument.Tokens[0].Value}' is not {Duration.Accepted}");
            return null;
        },
    };

    private readonly Option<string?> _idempotencyKey = new("--idempotency-key")
    {
        Description = "The same key is the same run, which then goes on when this command is interrupted",
        HelpName = "KEY",
    };

    public void AddTo(Command command)
    {
        _template.CompletionSources.Add(TemplateGuess.Names.ToArray());
        _profile.CompletionSources.Add("fork", "nsjail", "gvisor");
        _keep.CompletionSources.Add("nsjail", "builtin");
        command.Arguments.Add(_program);
        command.Options.Add(_code);
        command.Options.Add(_template);
        _limits.AddTo(command);
        foreach (Option option in (Option[])[_env, _stdin, _upload, _download, _metadata, _profile, _keep, _queue, _idempotencyKey])
        {
            command.Options.Add(option);
        }
    }

    public string? IdempotencyKey(ParseResult result) => result.GetValue(_idempotencyKey);

    /// <summary>The flag that sets a field of the request, for example <c>env.HOME</c> or <c>files[2].path</c>; null where none does.</summary>
    public static string? FlagOf(string field)
    {
        var end = field.AsSpan().IndexOfAny('.', '[');
        return (end < 0 ? field : field[..end]) switch
        {
            "limits" => LimitFlags.FlagOf(field),
            "env" => "--env",
            "files" => "--upload",
            "collect" => "--download",
            "metadata" => "--metadata",
            "stdin" => "--stdin",
            "template" => "--template",
            "profile" => "--profile",
            "requireKeep" => "--require-keep",
            "queue" => "--queue",
            "Idempotency-Key" => "--idempotency-key",
            _ => null,
        };
    }

    /// <summary>Reads every file that the flags name.</summary>
    /// <exception cref="UsageException">A flag is wrong, or a file cannot be read.</exception>
    public RunRequest Read(ParseResult result)
    {
        var words = result.GetValue(_program) ?? [];
        RefuseUnknownFlag(result, words);
        var code = result.GetValue(_code);
        var file = code is null ? words.FirstOrDefault() ?? throw new UsageException("nothing to run: give a FILE, -c CODE, or - for a program on stdin") : null;
        var stdin = result.GetValue(_stdin);
        if (file == ProgramText.OwnStdin && stdin == ProgramText.OwnStdin)
        {
            throw new UsageException("--stdin: our own stdin is the program already");
        }

        return new RunRequest
        {
            Template = result.GetValue(_template) ?? (file is null or ProgramText.OwnStdin ? TemplateGuess.Default : TemplateGuess.Of(file)),
            Code = code ?? ProgramText.Read(file!, "FILE"),
            Args = NullIfEmpty(code is null ? words[1..] : words),
            Stdin = stdin is null ? null : ProgramText.Read(stdin, "--stdin"),
            Env = Pairs(result.GetValue(_env), "--env", Environment.GetEnvironmentVariable),
            Files = NullIfEmpty((result.GetValue(_upload) ?? []).SelectMany(Upload.Read).ToArray()),
            Limits = _limits.Read(result),
            Collect = NullIfEmpty(result.GetValue(_download)),
            Metadata = Pairs(result.GetValue(_metadata), "--metadata", _ => null),
            Profile = result.GetValue(_profile),
            RequireKeep = result.GetValue(_keep),
            Queue = result.GetValue(_queue) is { } wait ? new QueueRequest { MaxWaitMs = (long)wait.TotalMilliseconds } : null,
        };
    }

    /// <summary>A flag that there is not would else be an argument of the program: a misspelt limit would silently be none.</summary>
    private static void RefuseUnknownFlag(ParseResult result, string[] words)
    {
        var behind = result.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
        if (words[..^Math.Min(behind, words.Length)].FirstOrDefault(word => word.StartsWith('-') && word != ProgramText.OwnStdin) is { } flag)
        {
            throw new UsageException($"unknown flag '{flag}'; arguments of the program stand behind --");
        }
    }

    private static Dictionary<string, string>? Pairs(string[]? arguments, string flag, Func<string, string?> fallback)
    {
        if (arguments is not { Length: > 0 })
        {
            return null;
        }

        var pairs = new Dictionary<string, string>();
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            pairs[name] = (equals < 0 ? fallback(name) : argument[(equals + 1)..])
                ?? throw new UsageException($"{flag}: '{argument}' has no value; write NAME=VALUE");
        }

        return pairs;
    }

    private static T[]? NullIfEmpty<T>(T[]? items) => items is { Length: > 0 } ? items : null;

    private static Option<string[]> Many(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description + "; may be repeated",
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
