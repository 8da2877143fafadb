using System.Text.Json;

namespace Sandcastle.Operator.Cluster;

/// <summary>All objects of a kind at one version.</summary>
public sealed record ObjectPage(IReadOnlyList<JsonElement> Items, string ResourceVersion);
