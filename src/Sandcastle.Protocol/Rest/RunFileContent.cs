namespace Sandcastle.Protocol.Rest;

/// <summary>A file in a request or an answer. Exactly one of <c>content</c> and <c>contentBase64</c>.</summary>
public sealed record RunFileContent
{
    /// <summary>Relative to <c>/home/user</c>; no <c>..</c>, no NUL, at most 255 bytes a part.</summary>
    public string? Path { get; init; }

    public string? Content { get; init; }

    public string? ContentBase64 { get; init; }
}
