using System.Globalization;

namespace Sandcastle.Client.Transports;

/// <summary>Reads the head of an HTTP/1.1 response and makes the stream that is its body (RFC 9112, sections 4 to 6).</summary>
internal static class ResponseHead
{
    private const int MaxBytes = 32 * 1024;

    /// <param name="connection">Owned by the answer from here on.</param>
    /// <param name="owner">Disposed with the answer.</param>
    public static RestAnswer Read(Stream connection, IDisposable owner)
    {
        var buffered = new BufferedReader(connection);
        var status = Status(buffered.ReadLine(MaxBytes));
        TimeSpan? retryAfter = null;
        long? length = status == 204 ? 0 : null;
        var chunked = false;
        for (var line = buffered.ReadLine(MaxBytes); line.Length > 0; line = buffered.ReadLine(MaxBytes))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].Trim();
            switch (line[..Math.Max(colon, 0)].ToLowerInvariant())
            {
                case "content-length":
                    length = long.TryParse(value, NumberStyles.None, null, out var bytes) ? bytes : throw new IOException("the answer's length is no number");
                    break;
                case "transfer-encoding":
                    chunked = value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);
                    break;
                case "retry-after" when int.TryParse(value, NumberStyles.None, null, out var seconds):
                    retryAfter = TimeSpan.FromSeconds(seconds);
                    break;
            }
        }

        return new RestAnswer(status, retryAfter, new BodyStream(buffered, chunked, length), owner);
    }

    private static int Status(string line)
    {
        var parts = line.Split(' ', 3);
        return parts.Length >= 2 && parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) && int.TryParse(parts[1], out var status)
            ? status
            : throw new IOException("what answered does not speak HTTP/1.1");
    }
}
