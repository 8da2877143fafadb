using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Client.Json;

/// <summary>
/// Writes a <see cref="RunRequest"/> without the serializer, whose first use costs 0.6 ms: much, in a process that lives for four.
/// A test holds it to what the serializer writes.
/// </summary>
internal static class RunRequestJson
{
    /// <summary>
    /// Nobody reads this as HTML. By default a quotation mark, a plus sign, an angle bracket or a letter with an accent would be six bytes, and a
    /// request within the server's limit a body beyond it.
    /// </summary>
    private static readonly JsonWriterOptions Short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(RunRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Short);
        writer.WriteStartObject();
        Text(writer, "template", request.Template);
        Text(writer, "code", request.Code);
        Texts(writer, "argv", request.Argv);
        Texts(writer, "args", request.Args);
        Text(writer, "stdin", request.Stdin);
        Pairs(writer, "env", request.Env);
        Files(writer, request.Files);
        Limits(writer, request.Limits);
        Texts(writer, "collect", request.Collect);
        Pairs(writer, "metadata", request.Metadata);
        Text(writer, "encoding", request.Encoding);
        Text(writer, "profile", request.Profile);
        Text(writer, "requireKeep", request.RequireKeep);
        Queue(writer, request.Queue);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void Files(Utf8JsonWriter writer, IReadOnlyList<RunFileContent>? files)
    {
        if (files is null)
        {
            return;
        }

        writer.WriteStartArray("files");
        foreach (var file in files)
        {
            writer.WriteStartObject();
            Text(writer, "path", file.Path);
            Text(writer, "content", file.Content);
            Text(writer, "contentBase64", file.ContentBase64);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Limits(Utf8JsonWriter writer, LimitsRequest? limits)
    {
        if (limits is null)
        {
            return;
        }

        writer.WriteStartObject("limits");
        Whole(writer, "timeoutMs", limits.TimeoutMs);
        Whole(writer, "memoryMiB", limits.MemoryMiB);
        if (limits.Cpus is { } cpus)
        {
            writer.WriteNumber("cpus", cpus);
        }

        Whole(writer, "pids", limits.Pids);
        Whole(writer, "diskMiB", limits.DiskMiB);
        Whole(writer, "diskInodes", limits.DiskInodes);
        Whole(writer, "outputKiB", limits.OutputKiB);
        Whole(writer, "openFiles", limits.OpenFiles);
        writer.WriteEndObject();
    }

    private static void Queue(Utf8JsonWriter writer, QueueRequest? queue)
    {
        if (queue is null)
        {
            return;
        }

        writer.WriteStartObject("queue");
        Whole(writer, "maxWaitMs", queue.MaxWaitMs);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Whole(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void Pairs(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string>? pairs)
    {
        if (pairs is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, value) in pairs)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
