using System.Text.Json;

namespace Sandcastle.Kubectl.Objects;

/// <summary>A column of a listing.</summary>
/// <param name="Header">In capitals.</param>
/// <param name="Value">What an object has there, at a time; null where nothing.</param>
/// <param name="IsWide">Shown by <c>-o wide</c> alone.</param>
internal sealed record Column(string Header, Func<JsonElement, DateTimeOffset, string?> Value, bool IsWide = false);
