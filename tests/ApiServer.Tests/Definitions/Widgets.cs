using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Tests.Definitions;

/// <summary>A custom resource that has something of everything.</summary>
internal static class Widgets
{
    public const string Resource = "widgets.example.com";

    public static JsonObject Definition() => JsonNode.Parse(
        """
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
          "spec": {
            "group": "example.com", "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]},
            "versions": [{
              "name": "v1", "served": true, "storage": true,
              "subresources": {
                "status": {},
                "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.selector"}
              },
              "selectableFields": [{"jsonPath": ".spec.color"}],
              "schema": {"openAPIV3Schema": {
                "type": "object", "required": ["spec"],
                "properties": {
                  "spec": {
                    "type": "object", "required": ["color"],
                    "properties": {
                      "color": {"type": "string", "enum": ["red", "blue"]},
                      "replicas": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 10},
                      "size": {"type": "integer", "default": 3},
                      "label": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 5},
                      "port": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]},
                      "when": {"type": "string", "format": "date-time"},
                      "note": {"type": "string", "nullable": true},
                      "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                      "weights": {"type": "object", "additionalProperties": {"type": "integer"}},
                      "tags": {"type": "array", "x-kubernetes-list-type": "set", "maxItems": 3, "items": {"type": "string"}},
                      "parts": {
                        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                        "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "count": {"type": "integer", "default": 1}}}
                      }
                    }
                  },
                  "status": {
                    "type": "object",
                    "properties": {"replicas": {"type": "integer"}, "selector": {"type": "string"}, "phase": {"type": "string"}}
                  }
                }
              }}
            }]
          }
        }
        """)!.AsObject();

    public static JsonObject Widget(string name, string spec = """{"color":"red"}""") => new()
    {
        ["apiVersion"] = "example.com/v1",
        ["kind"] = "Widget",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(spec),
    };
}
