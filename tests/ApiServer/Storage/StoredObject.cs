using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Storage;

/// <summary>One state of one object, frozen.</summary>
/// <remarks>Kept as JSON text without apiVersion and kind, so that any served version of the resource can be put in front.</remarks>
public sealed class StoredObject
{
    private readonly byte[] _body;

    public StoredObject(ResourceDefinition definition, JsonObject value, long revision)
    {
        var bare = value.DeepClone().AsObject();
        bare.Remove("apiVersion");
        bare.Remove("kind");
        bare.Metadata()["resourceVersion"] = revision.ToString();
        _body = JsonSerializer.SerializeToUtf8Bytes(bare);
        Revision = revision;
        Key = bare.Key();
        Uid = bare.Metadata().Text("uid");
        Labels = bare.Metadata()["labels"] is JsonObject labels
            ? labels.ToDictionary(label => label.Key, label => label.Value?.GetValue<string>() ?? "")
            : [];
        Fields = definition.SelectableFields.ToDictionary(field => field, field => bare.At(field)?.ToString() ?? "");
        Fields["metadata.name"] = Key.Name;
        Fields["metadata.namespace"] = Key.Namespace;
        OwnerUids = [.. bare.Owners().Select(owner => owner.Text("uid"))];
        IsDeleting = bare.IsDeleting();
    }

    public ObjectKey Key { get; }

    public string Uid { get; }

    public long Revision { get; }

    public Dictionary<string, string> Labels { get; }

    /// <summary>The values that a fieldSelector may ask for.</summary>
    public Dictionary<string, string> Fields { get; }

    public IReadOnlyList<string> OwnerUids { get; }

    public bool IsDeleting { get; }

    /// <summary>A copy that the caller may change.</summary>
    public JsonObject Read(ResourceDefinition definition)
    {
        var value = JsonNode.Parse(_body)!.AsObject();
        value.Insert(0, "apiVersion", definition.ApiVersion);
        value.Insert(1, "kind", definition.Kind);
        return value;
    }

    /// <summary>The object as JSON text; without <paramref name="definition"/> as it stands in a list of built-in objects.</summary>
    public void Write(IBufferWriter<byte> output, ResourceDefinition? definition)
    {
        if (definition is not null)
        {
            output.Write(Encoding.UTF8.GetBytes($"{{\"apiVersion\":\"{definition.ApiVersion}\",\"kind\":\"{definition.Kind}\","));
            output.Write(_body.AsSpan(1));
            return;
        }

        output.Write(_body);
    }
}
