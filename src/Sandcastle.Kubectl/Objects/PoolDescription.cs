using System.Text.Json;
using Sandcastle.Cli.Tables;

namespace Sandcastle.Kubectl.Objects;

/// <summary>Prints what a pool is meant to be beside what it is, a line each.</summary>
internal static class PoolDescription
{
    private const int Width = 18;

    public static void Write(JsonElement pool)
    {
        Line("Name", pool.Text("metadata", "name"));
        Line("Namespace", pool.Text("metadata", "namespace"));
        Line("Created", pool.Text("metadata", "creationTimestamp"));
        Line("Status", PoolColumns.Status(pool));
        Line("Templates", CommonColumns.Words(pool, "spec", "templates"));
        Line("Queue", pool.Text("spec", "queueName"));
        Line("Image", pool.Text("spec", "image"));
        Line("Priority classes", CommonColumns.Pairs(pool.Field("spec", "priorityClasses")));
        Line("Workers", $"{Figure("status", "readyWorkers")} ready of {Figure("status", "workers")} in {Figure("status", "lots")} lots; "
            + $"min {Figure("spec", "workers", "min")}, max {Figure("spec", "workers", "max")}, desired {Figure("spec", "workers", "desired")}");
        Line("A worker", CommonColumns.Pairs(pool.Field("spec", "resources")));
        Line("Slots", $"{Figure("status", "slots", "ready")} ready, {Figure("status", "slots", "busy")} busy, {Figure("status", "slots", "total")} in all; "
            + $"{Figure("spec", "ready")} to be ready, {Figure("spec", "slotsPerWorker")} a worker");
        Line("Scaling", CommonColumns.Pairs(pool.Field("spec", "scaling")));
        Line("Reserved", CommonColumns.Pairs(pool.Field("status", "reserved")));
        Line("Leased", CommonColumns.Pairs(pool.Field("status", "leased")));
        Line("Used", CommonColumns.Pairs(pool.Field("status", "used")));

        string Figure(params ReadOnlySpan<string> path) => CommonColumns.Figure(pool.Number(path)) ?? "-";
    }

    private static void Line(string name, string? value) =>
        Console.Out.WriteLine($"{$"{name}:",-Width}{(string.IsNullOrEmpty(value) ? "<none>" : PlainText.Of(value))}");
}
