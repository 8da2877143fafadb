using System.Text;
using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>Secrets and ConfigMaps: encoded data, a type that stays, and immutable ones.</summary>
public sealed class SecretRule : IAdmissionRule
{
    private static readonly GroupResource ConfigMaps = new("", "configmaps");

    public bool Concerns(ResourceDefinition definition) => definition.Resource == BuiltInResources.Secrets || definition.Resource == ConfigMaps;

    public void Prepare(AdmissionContext context)
    {
        if (context.Definition.Resource == ConfigMaps)
        {
            return;
        }

        if (context.New.Text("type").Length == 0)
        {
            context.New["type"] = "Opaque";
        }

        if (context.New["stringData"] is JsonObject texts)
        {
            var data = context.New.Child("data");
            foreach (var (name, text) in texts)
            {
                data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text?.GetValue<string>() ?? ""));
            }
        }

        context.New.Remove("stringData");
        foreach (var (name, value) in context.New["data"] as JsonObject ?? [])
        {
            if (value is JsonValue text && !Convert.TryFromBase64String(text.ToString(), new byte[text.ToString().Length], out _))
            {
                throw Refusal.BadRequest($"illegal base64 data in data.{name}");
            }
        }
    }

    public void Validate(AdmissionContext context)
    {
        if (context.New.Text("type") == "kubernetes.io/tls")
        {
            foreach (var name in new[] { "tls.crt", "tls.key" }.Where(name => context.New["data"]?[name] is null))
            {
                context.Errors.Add(FieldError.Required($"data[{name}]"));
            }
        }

        if (context.Old is null)
        {
            return;
        }

        if (context.Old.Text("type") != context.New.Text("type"))
        {
            context.Errors.Add(FieldError.Invalid("type", context.New.Text("type"), "field is immutable"));
        }

        if (context.Old.Flag("immutable") && (!context.New.Flag("immutable") || !JsonNode.DeepEquals(context.Old["data"], context.New["data"])))
        {
            context.Errors.Add(FieldError.Forbidden("data", "field is immutable when `immutable` is set"));
        }
    }
}
