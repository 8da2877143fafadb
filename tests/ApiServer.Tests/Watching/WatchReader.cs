using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Tests.Watching;

/// <summary>Reads the lines of a watch as they come.</summary>
internal sealed class WatchReader(HttpResponseMessage response) : IDisposable
{
    private readonly StreamReader _lines = new(response.EnsureSuccessStatusCode().Content.ReadAsStream(TestContext.Current.CancellationToken));

    public async Task<JsonNode> NextAsync() =>
        JsonNode.Parse(await _lines.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException("the watch ended"))!;

    /// <summary>So many events, each as its type and the object's name.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(int count)
    {
        var seen = new List<string>();
        while (seen.Count < count)
        {
            var one = await NextAsync();
            seen.Add($"{one["type"]} {one["object"]!["metadata"]!["name"]}");
        }

        return seen;
    }

    /// <summary>True when the response ends as a whole with no further event.</summary>
    public async Task<bool> EndAsync() => await _lines.ReadLineAsync(TestContext.Current.CancellationToken) is null;

    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }
}
