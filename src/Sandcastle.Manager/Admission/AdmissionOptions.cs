namespace Sandcastle.Manager.Admission;

/// <summary>What bounds every request, whatever its template.</summary>
public sealed record AdmissionOptions
{
    /// <summary>Bytes of code, stdin, files, arguments, environment and metadata together, after decoding. Default 16 MiB.</summary>
    public long ContentBytes { get; init; } = 16L << 20;

    /// <summary>Bytes of the HTTP body: base64 makes four characters of three bytes, and the JSON around it wants some room.</summary>
    public long BodyBytes => (ContentBytes / 3 * 4) + (1L << 20);
}
