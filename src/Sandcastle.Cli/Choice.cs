using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sandcastle.Cli;

/// <summary>Flags and arguments that take one of a few words: the message names the flag and the words, in one line as every other.</summary>
internal static class Choice
{
    public static Option<T> OneOf<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result => Check(result, option.Name, words));
        return option;
    }

    public static Argument<T> OneOf<T>(this Argument<T> argument, params string[] words)
    {
        argument.CompletionSources.Add(words);
        argument.Validators.Add(result => Check(result, argument.Name, words));
        return argument;
    }

    private static void Check(SymbolResult result, string name, string[] words)
    {
        foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value, StringComparer.Ordinal)))
        {
            result.AddError($"{name}: '{token.Value}' is none of {string.Join(", ", words)}");
        }
    }
}
