using Sandcastle.Cli;

namespace Sandcastle.Kubectl.ApiServer;

/// <summary>Checks names before they become part of a path: the API server would refuse a bad one, but only where it was sent.</summary>
internal static class ResourceName
{
    private const int MaxLabel = 63;
    private const int MaxSubdomain = 253;

    /// <summary>A namespace or a Service: a label of RFC 1123.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static string Label(string text, string flag) => text.Length <= MaxLabel && IsLabel(text)
        ? text
        : throw new UsageException($"{flag}: '{text}' is no name here: up to {MaxLabel} of a-z, 0-9 and -, with a letter or a figure at both ends");

    /// <summary>Most other objects: labels joined by dots.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static string Subdomain(string text, string flag) => text.Length <= MaxSubdomain && text.Split('.').All(IsLabel)
        ? text
        : throw new UsageException($"{flag}: '{text}' is no name here: up to {MaxSubdomain} of a-z, 0-9, - and ., with a letter or a figure at both ends");

    private static bool IsLabel(string text) =>
        text.Length > 0
        && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && text[0] != '-'
        && text[^1] != '-';
}
