using Sandcastle.Cli.Runs;
using Sandcastle.Client;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Cli;

/// <summary>Prose, for people, on stderr.</summary>
internal static class Messages
{
    public const string Program = "sandcastle";

    public static void Write(string message) => Console.Error.WriteLine($"{Program}: {message}");

    /// <summary>A refusal: all errors of the request, named by the flags that set them.</summary>
    public static void Write(SandcastleException refusal)
    {
        if (refusal.Problem is { Kind: RefusalKind.Invalid, Errors: { Count: > 0 } errors })
        {
            foreach (var error in errors)
            {
                Write(RunFlags.FlagOf(error.Field) is { } flag ? $"{flag} ({error.Field}) {error.Message}" : $"{error.Field} {error.Message}");
            }
        }
        else
        {
            Write(refusal.Message);
        }

        if (refusal.RetryAfter is { } delay)
        {
            Write($"try again in {delay.TotalSeconds:0} s");
        }

        if (refusal.Problem.TraceId is { } trace && refusal.Problem.Status >= 500)
        {
            Write($"trace id {trace}");
        }
    }
}
