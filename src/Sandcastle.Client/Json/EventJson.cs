using System.Text;
using System.Text.Json;
using Sandcastle.Client.Events;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Client.Json;

/// <summary>Reads the events of a run without the serializer, for the reason given at <see cref="RunRequestJson"/>. Unknown fields are passed over.</summary>
internal static class EventJson
{
    /// <exception cref="JsonException">Not the data of this event.</exception>
    public static string StartedId(ReadOnlySpan<byte> data)
    {
        var reader = Open(data);
        var id = "";
        while (NextField(ref reader))
        {
            if (reader.ValueTextEquals("id"u8) && reader.Read())
            {
                id = reader.GetString() ?? "";
            }
            else
            {
                Pass(ref reader);
            }
        }

        return id;
    }

    /// <exception cref="JsonException">Not the data of this event.</exception>
    public static RunQueued Queued(ReadOnlySpan<byte> data)
    {
        var reader = Open(data);
        var (id, position) = ("", 0);
        while (NextField(ref reader))
        {
            if (reader.ValueTextEquals("id"u8) && reader.Read())
            {
                id = reader.GetString() ?? "";
            }
            else if (reader.ValueTextEquals("position"u8) && reader.Read())
            {
                position = reader.GetInt32();
            }
            else
            {
                Pass(ref reader);
            }
        }

        return new RunQueued(id, position);
    }

    /// <exception cref="JsonException">Not the data of this event.</exception>
    public static byte[] Output(ReadOnlySpan<byte> data)
    {
        var reader = Open(data);
        byte[] bytes = [];
        while (NextField(ref reader))
        {
            if (reader.ValueTextEquals("base64"u8) && reader.Read())
            {
                bytes = reader.TokenType == JsonTokenType.Null ? bytes : reader.GetBytesFromBase64();
            }
            else if (reader.ValueTextEquals("text"u8) && reader.Read())
            {
                bytes = reader.TokenType == JsonTokenType.Null ? bytes : Encoding.UTF8.GetBytes(reader.GetString()!);
            }
            else
            {
                Pass(ref reader);
            }
        }

        return bytes;
    }

    /// <exception cref="JsonException">Not the data of this event.</exception>
    public static RunEnding Ending(ReadOnlySpan<byte> data)
    {
        var reader = Open(data);
        var ending = new RunEnding { Id = "" };
        while (NextField(ref reader))
        {
            var field = reader.ValueSpan;
            reader.Read();
            ending = reader.TokenType == JsonTokenType.Null ? ending : With(ending, field, ref reader);
            reader.Skip();
        }

        return ending;
    }

    private static RunEnding With(RunEnding ending, ReadOnlySpan<byte> field, ref Utf8JsonReader reader) => field switch
    {
        _ when field.SequenceEqual("id"u8) => ending with { Id = reader.GetString()! },
        _ when field.SequenceEqual("outcome"u8) => ending with { Outcome = OutcomeOf(reader.ValueSpan) },
        _ when field.SequenceEqual("exitCode"u8) => ending with { ExitCode = reader.GetInt32() },
        _ when field.SequenceEqual("signal"u8) => ending with { Signal = reader.GetInt32() },
        _ when field.SequenceEqual("stdoutTruncated"u8) => ending with { StdoutTruncated = reader.GetBoolean() },
        _ when field.SequenceEqual("stderrTruncated"u8) => ending with { StderrTruncated = reader.GetBoolean() },
        _ => ending,
    };

    private static Outcome? OutcomeOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("succeeded"u8) => Outcome.Succeeded,
        _ when name.SequenceEqual("failed"u8) => Outcome.Failed,
        _ when name.SequenceEqual("signaled"u8) => Outcome.Signaled,
        _ when name.SequenceEqual("timed_out"u8) => Outcome.TimedOut,
        _ when name.SequenceEqual("out_of_memory"u8) => Outcome.OutOfMemory,
        _ when name.SequenceEqual("disk_full"u8) => Outcome.DiskFull,
        _ when name.SequenceEqual("output_limit"u8) => Outcome.OutputLimit,
        _ when name.SequenceEqual("cancelled"u8) => Outcome.Cancelled,
        _ when name.SequenceEqual("interrupted"u8) => Outcome.Interrupted,
        _ => null,
    };

    private static Utf8JsonReader Open(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? reader : throw new JsonException("not an object");
    }

    private static bool NextField(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
