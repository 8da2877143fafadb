using System.Text;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Loads;

/// <summary>Asks for a run and says how that ended. A request without an end within the deadline has hung.</summary>
public static class Caller
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the deadline: a call that does not even heed its cancellation has hung too.</summary>
    private static readonly TimeSpan LastResort = Deadline + TimeSpan.FromSeconds(10);

    public static async Task<RequestEnd> CallAsync(SandcastleClient client, TestProgram program)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            return await AskAsync(client, program, deadline.Token).WaitAsync(LastResort, CancellationToken.None);
        }
        catch (SandcastleException e)
        {
            return new RequestEnd
            {
                Program = program,
                Fate = Fate.Refused,
                Refusal = e.Problem.Kind,
                RetryAfter = e.RetryAfter,
                Detail = e.Problem.Detail,
            };
        }
        catch (ServerUnreachableException e)
        {
            return new RequestEnd { Program = program, Fate = e.NeverSent ? Fate.NotSent : Fate.Broken, Detail = e.Message };
        }
        catch (IOException e)
        {
            // In the middle of a stream.
            return new RequestEnd { Program = program, Fate = Fate.Broken, Detail = e.Message };
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            return new RequestEnd { Program = program, Fate = Fate.Hung, Detail = e.Message };
        }
    }

    private static Task<RequestEnd> AskAsync(SandcastleClient client, TestProgram program, CancellationToken deadline) => program.Manner switch
    {
        Manner.Answer => AnswerAsync(client, program, deadline),
        Manner.Twice => TwiceAsync(client, program, deadline),
        _ => StreamAsync(client, program, deadline),
    };

    private static async Task<RequestEnd> AnswerAsync(SandcastleClient client, TestProgram program, CancellationToken deadline) =>
        Answered(program, await client.RunAsync(program.Request, cancellationToken: deadline));

    private static async Task<RequestEnd> TwiceAsync(SandcastleClient client, TestProgram program, CancellationToken deadline)
    {
        Task<RunResponse>[] both = [client.RunAsync(program.Request, program.Token, deadline), client.RunAsync(program.Request, program.Token, deadline)];
        await ((Task)Task.WhenAll(both)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // One that was refused before anything had started gives the key back: the other, where it comes later, is the first to use it.
        if (both.FirstOrDefault(ask => !ask.IsCompletedSuccessfully && !IsRefused(ask)) is { } broken)
        {
            return Answered(program, await broken);
        }

        var answers = await Task.WhenAll(both.Any(IsRefused) && !both.All(IsRefused) ? both.Where(ask => !IsRefused(ask)) : both);
        var end = Answered(program, answers[0]);
        return answers[0].Id == answers[^1].Id ? end : end with { Wrong = $"one key, two runs: {answers[^1].Id}" };
    }

    private static bool IsRefused(Task ask) => ask.Exception?.InnerException is SandcastleException;

    private static async Task<RequestEnd> StreamAsync(SandcastleClient client, TestProgram program, CancellationToken deadline)
    {
        string? run = null;
        var output = new StringBuilder();
        try
        {
            await foreach (var happened in client.StreamAsync(program.Request, cancellationToken: deadline))
            {
                switch (happened)
                {
                    case RunStarted when run is not null:
                        return new RequestEnd { Program = program, Fate = Fate.Answered, Run = run, Wrong = "started twice" };
                    case RunStarted started:
                        run = started.Id;
                        if (program.Manner == Manner.Leave)
                        {
                            return new RequestEnd { Program = program, Fate = Fate.Left, Run = run };
                        }

                        if (program.Manner == Manner.Cancel)
                        {
                            await client.CancelAsync(run, deadline);
                        }

                        break;
                    case RunOutput written:
                        output.Append(Encoding.UTF8.GetString(written.Bytes.Span));
                        break;
                    case RunEnded ended:
                        var end = Answered(program, ended.ReadResponse());
                        var same = end.Outcome != Outcome.Succeeded || output.ToString() == program.Stdout;
                        return same ? end : end with { Wrong = $"written was '{output}'" };
                    default:
                        break;
                }
            }
        }
        catch (Exception e) when (e is ServerUnreachableException { NeverSent: false } or IOException)
        {
            return new RequestEnd { Program = program, Fate = Fate.Broken, Run = run, Detail = e.Message };
        }

        return new RequestEnd { Program = program, Fate = Fate.Broken, Run = run, Detail = "the stream ended without an end of the run" };
    }

    private static RequestEnd Answered(TestProgram program, RunResponse answer) => new()
    {
        Program = program,
        Fate = Fate.Answered,
        Run = answer.Id,
        Outcome = answer.Outcome,
        Wrong = WhatIsWrong(program, answer),
        Detail = $"exit code {answer.ExitCode}, signal {answer.Signal}, '{Short(answer.Stdout)}', '{Short(answer.Stderr)}'",
    };

    private static string? WhatIsWrong(TestProgram program, RunResponse answer)
    {
        if (answer.Receipt is null)
        {
            return "has no receipt";
        }

        if (answer.Outcome != Outcome.Succeeded)
        {
            return null;
        }

        if (answer.Stdout != program.Stdout || answer.Files.Any(file => file.Content != program.Token))
        {
            return "succeeded, and what it wrote is not what it writes";
        }

        // A slot that dies between the end of its program and the collecting takes the files along, and the answer says so.
        var files = answer.Files.Count + (answer.CollectErrors?.Count ?? 0);
        return files == (program.Request.Collect?.Count ?? 0) ? null : "succeeded, and a file is missing without a word";
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;
}
