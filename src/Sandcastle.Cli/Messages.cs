using Sandcastle.Cli.Runs;
using Sandcastle.Cli.Tables;
using Sandcastle.Client;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Cli;

/// <summary>Prose, for people, on stderr.</summary>
internal static class Messages
{
    public const string Program = "sandcastle";

    /// <summary>It may have several lines; much of what is said was said by others, and none of their control characters reaches the terminal.</summary>
    public static void Write(string message) => Console.Error.WriteLine($"{Program}: {string.Join('\n', message.Split('\n').Select(PlainText.Of))}");

    /// <summary>A refusal: all errors of the request, named by the flags that set them.</summary>
    public static void Write(SandcastleException refusal)
    {
        if (refusal.Problem is { Kind: RefusalKind.Invalid, Errors: { Count: > 0 } errors })
        {
            foreach (var error in errors)
            {
                Write(PlainText.Of(RunFlags.FlagOf(error.Field) is { } flag ? $"{flag} ({error.Field}) {error.Message}" : $"{error.Field} {error.Message}"));
            }
        }
        else
        {
            Write(PlainText.Of(refusal.Message));
        }

        if (refusal.RetryAfter is { } delay)
        {
            Write($"try again in {delay.TotalSeconds:0} s");
        }

        if (refusal.Problem.TraceId is { } trace && refusal.Problem.Status >= 500)
        {
            Write(PlainText.Of($"trace id {trace}"));
        }
    }
}
