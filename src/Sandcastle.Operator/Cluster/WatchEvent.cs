using System.Text.Json;

namespace Sandcastle.Operator.Cluster;

/// <summary>One line of a watch.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c>, <c>DELETED</c>, <c>BOOKMARK</c> or <c>ERROR</c>.</param>
/// <param name="Object">What it is about.</param>
public sealed record WatchEvent(string Type, JsonElement Object);
