using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Testing.ApiServer.Tokens;

/// <summary>What a token is worth.</summary>
/// <param name="Caller">Whose it is; null when it is not accepted.</param>
/// <param name="Audiences">The asked-for audiences that it is good for.</param>
/// <param name="Error">Why it is not accepted; empty when it is.</param>
public sealed record TokenCheck(Caller? Caller, IReadOnlyList<string> Audiences, string Error);
