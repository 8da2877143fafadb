using System.CommandLine;
using System.Text.Json;
using Sandcastle.Daemon.Options;
using Sandcastle.Daemon.Roles;
using Sandcastle.Worker.Diagnosis;

namespace Sandcastle.Daemon.Diagnosis;

/// <summary><c>sandcastled doctor</c>: each feature, tool and permission, found or missing, and what that costs. Exit code 1 where something needed is missing.</summary>
internal static class DoctorCommand
{
    internal static Command Build(Func<ParseResult, DaemonOptions> read)
    {
        var output = new Option<string>("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("doctor", "Say what this machine has and lacks for running sandboxes, and what that costs") { output };
        command.SetAction(async (result, cancellationToken) =>
        {
            var findings = await Doctor.ExamineAsync(Installation.WorkerOptions(read(result)), cancellationToken);
            if (result.GetValue(output) == "json")
            {
                PrintJson(findings);
            }
            else
            {
                PrintText(findings);
            }

            return findings.Any(f => f.State == FindingState.Missing) ? 1 : 0;
        });
        return command;
    }

    private static void PrintText(IReadOnlyList<Finding> findings)
    {
        var width = findings.Max(f => f.Name.Length);
        foreach (var finding in findings)
        {
            var mark = finding.State switch
            {
                FindingState.Found => "ok  ",
                FindingState.Degraded => "--  ",
                _ => "!!  ",
            };
            Console.Out.WriteLine($"{mark}{finding.Name.PadRight(width)}  {finding.Detail}");
            if (finding.Cost.Length > 0)
            {
                Console.Out.WriteLine($"    {new string(' ', width)}  → {finding.Cost}");
            }
        }
    }

    private static void PrintJson(IReadOnlyList<Finding> findings)
    {
        using var json = new Utf8JsonWriter(Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteString("state", finding.State.ToString().ToLowerInvariant());
            json.WriteString("detail", finding.Detail);
            json.WriteString("cost", finding.Cost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
