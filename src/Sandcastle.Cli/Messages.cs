using Sandcastle.Cli.Runs;
using Sandcastle.Client;

namespace Sandcastle.Cli;

/// <summary>Prose, for people, on stderr.</summary>
internal static class Messages
{
    private const string Program = "sandcastle";

    public static void Write(string message) => Console.Error.WriteLine($"{Program}: {message}");

    /// <summary>A refusal: all errors of the request, named by the flags that set them.</summary>
    public static void Write(SandcastleException refusal)
    {
        if (refusal.Problem.Errors is { Count: > 0 } errors)
        {
            foreach (var error in errors)
            {
                var flag = LimitFlags.FlagOf(error.Field);
                Write(flag is null ? $"{error.Field} {error.Message}" : $"{flag} ({error.Field}) {error.Message}");
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
