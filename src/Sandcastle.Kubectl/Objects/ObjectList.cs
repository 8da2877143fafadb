using System.Text.Json;

namespace Sandcastle.Kubectl.Objects;

/// <summary>A list of objects.</summary>
/// <param name="Document">As the API server sent it.</param>
/// <param name="Items">Those that count.</param>
internal sealed record ObjectList(JsonElement Document, IReadOnlyList<JsonElement> Items)
{
    /// <summary>From where a watch goes on.</summary>
    public string Version => Document.Text("metadata", "resourceVersion") ?? "";

    /// <summary>The document with these items alone.</summary>
    public JsonElement ToDocument()
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            foreach (var property in Document.EnumerateObject().Where(property => property.Name != "items"))
            {
                property.WriteTo(json);
            }

            json.WriteStartArray("items");
            foreach (var item in Items)
            {
                item.WriteTo(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonElement.Parse(memory.ToArray());
    }
}
