using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cli.Tests.Servers;

/// <summary>What a server says.</summary>
public static class Answers
{
    public static RunResponse Succeeded { get; } = new()
    {
        Id = "run_0123456789abcdef01234567",
        Outcome = Outcome.Succeeded,
        ExitCode = 0,
        Files = new List<RunFileContent>(),
        Timings = new TimingsResponse(0.1, 0.2, 1.1, 1.5),
        Receipt = new ReceiptResponse
        {
            CpuMicros = 1000,
            CpuUserMicros = 600,
            CpuSystemMicros = 400,
            WallMicros = 2000,
            PeakMemoryBytes = 3 << 20,
            MemoryByteSeconds = 12.5,
            IoReadBytes = 1,
            IoWriteBytes = 2,
            OutputBytes = 3,
            Sources = new Dictionary<string, FigureSource> { ["cpuMicros"] = new("cpuacct.usage", FigureKind.Exact) },
        },
        Template = "python",
        Profile = "fork",
        Keep = "builtin",
        Worker = "fake",
    };

    public static LedgerProofResponse Proof { get; } = new()
    {
        Holds = true,
        Receipts = 16,
        Transactions = 26,
        Checks = [new LedgerCheckResponse("every transaction balances to zero", 0, [])],
        Balances =
        [
            new LedgerBalanceResponse(
                "worker/vm", new("52000000", "4294967296"), new("520000", "0"), new("2000000", "1073741824"), new("49480000", "3221225472")),
        ],
    };

    public static TemplatesResponse Templates { get; } = new([
        new TemplateResponse
        {
            Name = "python",
            Description = "CPython",
            Language = "python",
            Profile = "fork",
            Keep = "builtin",
            Available = true,
            Defaults = new LimitsRequest { TimeoutMs = 30_000, MemoryMiB = 256, Cpus = 1 },
            Maximums = new LimitsRequest { TimeoutMs = 3_600_000 },
            Slots = new SlotsResponse(8, 7, 1),
        },
        new TemplateResponse
        {
            Name = "python-data",
            Description = "with pandas",
            Language = "python",
            Profile = "fork",
            Keep = "builtin",
            Available = false,
            Reason = "pandas is not installed",
            Defaults = new LimitsRequest(),
            Maximums = new LimitsRequest(),
            Slots = new SlotsResponse(0, 0, 0),
        },
    ]);

    public static UsageResponse Usage { get; } = new()
    {
        Tenant = "default",
        From = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero),
        To = new DateTimeOffset(2026, 5, 2, 0, 0, 0, TimeSpan.Zero),
        Total = Row(null, null, 3),
        Rows = [Row("python", Outcome.Succeeded, 2), Row("python", Outcome.TimedOut, 1)],
    };

    /// <summary>Nothing in the second of three hours.</summary>
    public static UsageResponse UsageByHour { get; } = Usage with
    {
        Total = Row(null, null, 3) with { Reserved = new CapacityAmount(9_000_000, 1 << 30), Efficiency = 0.0005 },
        Rows =
        [
            Row(null, null, 1) with { At = Usage.From, Reserved = new CapacityAmount(3_000_000, 1 << 30), Efficiency = 0.0005 },
            Row(null, null, 2) with { At = Usage.From.AddHours(2), Reserved = new CapacityAmount(6_000_000, 1 << 30), Efficiency = 0.0005 },
        ],
    };

    public static async Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType ??= "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type));
    }

    public static Task RefuseAsync(HttpContext context, int status, RefusalKind kind, string detail, params FieldError[] errors)
    {
        context.Response.ContentType = "application/problem+json";
        return JsonAsync(context, Problem(status, kind, detail, errors), RestJson.Default.Problem, status);
    }

    public static Problem Problem(int status, RefusalKind kind, string detail, params FieldError[] errors) => new()
    {
        Type = "https://sandcastle.dev/problems/test",
        Title = "test",
        Status = status,
        Detail = detail,
        Kind = kind,
        Errors = errors.Length == 0 ? null : errors,
    };

    /// <summary>The whole answer, as JSON or as events, whichever the client asked for; the encoding it asked for is taken to be that of the answer.</summary>
    public static async Task SendAsync(HttpContext context, RunResponse response, params OutputEvent[] stdout)
    {
        if (context.Request.Headers.Accept == "text/event-stream")
        {
            await BeginAsync(context, response.Id);
            foreach (var output in stdout)
            {
                await EventAsync(context, "stdout", output, RestJson.Default.OutputEvent);
            }

            await EventAsync(context, "result", response, RestJson.Default.RunResponse);
        }
        else
        {
            await JsonAsync(context, response, RestJson.Default.RunResponse);
        }
    }

    public static async Task BeginAsync(HttpContext context, string id = "run_0123456789abcdef01234567")
    {
        context.Response.ContentType = "text/event-stream";
        await EventAsync(context, "started", new StartedEvent(id), RestJson.Default.StartedEvent);
    }

    public static async Task EventAsync<T>(HttpContext context, string name, T data, JsonTypeInfo<T> type)
    {
        await context.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, type)}\n\n");
        await context.Response.Body.FlushAsync();
    }

    public static OutputEvent Exact(params ReadOnlySpan<byte> bytes) => new(Text: null, Convert.ToBase64String(bytes));

    private static UsageRow Row(string? template, Outcome? outcome, long runs) => new()
    {
        Template = template,
        Outcome = outcome,
        Runs = runs,
        CpuMicros = 1500 * runs,
        MemoryByteSeconds = 1 << 30,
        WallMicros = 2_000_000,
        IoReadBytes = 1024,
        IoWriteBytes = 0,
        OutputBytes = 5,
    };
}
