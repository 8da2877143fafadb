using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Admission;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>Reads the JSON object of a request that is a few fields.</summary>
internal static class SmallBody
{
    private const int MostBytes = 16 << 10;

    /// <exception cref="RefusalException">It is larger than 16 KiB, or not what the contract says; every fault is named.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> contract)
    {
        var reader = context.Request.BodyReader;
        var result = await reader.ReadAtLeastAsync(MostBytes + 1, context.RequestAborted);
        try
        {
            return result.Buffer.Length > MostBytes
                ? throw new RefusalException(new Refusal { Kind = RefusalKind.TooLarge, Detail = $"the body is larger than {MostBytes} bytes" })
                : Parse(result.Buffer, contract);
        }
        finally
        {
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    private static T Parse<T>(in ReadOnlySequence<byte> body, JsonTypeInfo<T> contract)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            var value = JsonSerializer.Deserialize(ref json, contract);

            // What follows the object must be white space: reading on throws if it is not.
            json.Read();
            return value ?? throw FieldErrors.Invalid([new FieldError("body", "must be a JSON object")]);
        }
        catch (JsonException e)
        {
            throw FieldErrors.Invalid(RequestShape.Explain(body, e, contract));
        }
    }
}
