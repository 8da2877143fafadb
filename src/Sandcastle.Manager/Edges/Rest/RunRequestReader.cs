using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>Reads a request for a run where it lies: in the connection's own buffers, without a copy.</summary>
internal static class RunRequestReader
{
    private const string KeyHeader = "Idempotency-Key";

    /// <summary>A larger body would hold up the other connections while it is parsed on the thread that polls them.</summary>
    private const int QuickBytes = 64 << 10;

    /// <summary>The listener bounds the body.</summary>
    /// <exception cref="RefusalException">The body is no request; every fault of its shape is named.</exception>
    public static async ValueTask<(RunRequest Request, IdempotencyKey? Key)> ReadAsync(HttpContext context)
    {
        var keys = context.Request.Headers[KeyHeader];
        string? keyText = keys;
        if (keys.Count > 1 || (keyText is not null && !IdempotencyKey.IsValid(keyText)))
        {
            throw FieldErrors.Invalid([new FieldError(KeyHeader, $"must be 1 to {IdempotencyKey.MostCharacters} visible ASCII characters, once")]);
        }

        var reader = context.Request.BodyReader;
        ReadOnlySequence<byte> body;
        try
        {
            body = await ReadToEndAsync(reader, context.RequestAborted);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // The listener says so of a chunk whose size is beyond every number, and of a connection that broke: never our failure.
            throw new BadHttpRequestException("the body cannot be read: its chunks are malformed, or the connection broke", e);
        }

        if (body.Length > QuickBytes)
        {
            await Task.Yield();
        }

        try
        {
            var request = Parse(body);
            return (request, keyText is null ? null : new IdempotencyKey(keyText, IdempotencyKey.DigestOf(body)));
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadToEndAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                return result.Buffer;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static RunRequest Parse(in ReadOnlySequence<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            var request = JsonSerializer.Deserialize(ref json, RestJson.Default.RunRequest);

            // What follows the object must be white space: reading on throws if it is not.
            json.Read();
            return request ?? throw FieldErrors.Invalid([new FieldError("body", "must be a JSON object")]);
        }
        catch (JsonException e)
        {
            throw FieldErrors.Invalid(RequestShape.Explain(body, e, RestJson.Default.RunRequest));
        }
    }
}
