using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Runs;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>
/// Writes a run as the REST interface shows it. An output is text of its program's choosing: as a string, and six characters for each byte that JSON
/// escapes, 64 MiB of it twice would be gigabytes. So a large one is written piece by piece, as fast as its reader takes it.
/// </summary>
internal static class RunAnswer
{
    /// <summary>Both streams of most runs are less: their answers are made whole, and have a length.</summary>
    internal const int MostWhole = 1 << 20;

    /// <summary>A multiple of three, so that base64 goes on without padding.</summary>
    private const int Piece = 9 << 10;

    /// <summary>JSON's longest escape of a byte, and what may be left of a character.</summary>
    private const int MostOfPiece = (Piece * 6) + 16;

    public static bool IsLarge(RunRecord record) => record.Report is { } report && report.Stdout.Length + (long)report.Stderr.Length > MostWhole;

    public static async Task WriteAsync(HttpContext context, RunRecord record)
    {
        if (!IsLarge(record))
        {
            await RestBody.WriteAsync(context, StatusCodes.Status200OK, RunResponses.From(record), RestBody.Json.RunResponse);
            return;
        }

        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        await WriteJsonAsync(response.BodyWriter, record, context.RequestAborted);
    }

    /// <summary>The JSON object alone. Nothing of it is held but the bytes that the record has.</summary>
    public static async Task WriteJsonAsync(PipeWriter writer, RunRecord record, CancellationToken cancellationToken)
    {
        var report = record.Report!;
        var frame = JsonSerializer.SerializeToUtf8Bytes(
            RunResponses.From(record with { Report = report with { Stdout = default, Stderr = default } }), RestBody.Json.RunResponse).AsMemory();
        frame = await WriteFieldAsync(writer, frame, "\"stdout\":\"\""u8.ToArray(), report.Stdout, record.Base64, cancellationToken);
        frame = await WriteFieldAsync(writer, frame, "\"stderr\":\"\""u8.ToArray(), report.Stderr, record.Base64, cancellationToken);
        await writer.WriteAsync(frame, cancellationToken);
    }

    /// <summary>Fills in an empty field; what is behind it comes back. No text holds the field's name in quotes, which would be escaped; and what a caller names, as metadata, comes later.</summary>
    private static async Task<Memory<byte>> WriteFieldAsync(
        PipeWriter writer, Memory<byte> frame, byte[] field, ReadOnlyMemory<byte> content, bool base64, CancellationToken cancellationToken)
    {
        var quote = frame.Span.IndexOf(field) + field.Length - 1;
        await writer.WriteAsync(frame[..quote], cancellationToken);
        while (!content.IsEmpty)
        {
            content = content[WritePiece(writer, content.Span, base64)..];
            await writer.FlushAsync(cancellationToken);
        }

        return frame[quote..];
    }

    /// <returns>Bytes that were written; a character that the piece cuts is left for the next.</returns>
    private static int WritePiece(PipeWriter writer, ReadOnlySpan<byte> left, bool base64)
    {
        var isLast = left.Length <= Piece;
        var piece = isLast ? left : left[..Piece];
        int consumed, written;
        if (base64)
        {
            Base64.EncodeToUtf8(piece, writer.GetSpan(MostOfPiece), out consumed, out written, isLast);
        }
        else
        {
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(piece, writer.GetSpan(MostOfPiece), out consumed, out written, isLast);
        }

        writer.Advance(written);
        return consumed;
    }
}
