using Microsoft.AspNetCore.Http;

namespace Sandcastle.Manager.Tenants;

/// <summary>What a request shows for itself.</summary>
internal static class CallerHeaders
{
    /// <summary>An API key, as E2B's clients send it.</summary>
    internal const string Key = "X-API-Key";

    /// <summary>A key or a token: the API server's proxy keeps <c>Authorization</c> for itself.</summary>
    internal const string Token = "X-Sandcastle-Token";

    private const string Bearer = "Bearer ";

    /// <summary>The header that bears something, and what; null where none does.</summary>
    internal static (string Header, string Secret)? Read(HttpRequest request)
    {
        if ((string?)request.Headers[Key] is { } key)
        {
            return (Key, key);
        }

        if ((string?)request.Headers[Token] is { } token)
        {
            return (Token, token);
        }

        string? authorization = request.Headers.Authorization;
        return authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? ("Authorization", authorization[Bearer.Length..].Trim())
            : null;
    }
}
