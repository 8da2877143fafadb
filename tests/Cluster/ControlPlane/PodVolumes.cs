using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>A Pod's volumes as directories: ConfigMaps and Secrets as files, everything else empty.</summary>
internal sealed class PodVolumes : IDisposable
{
    private readonly DirectoryInfo _directory;

    // By the path at which the container has it.
    private readonly Dictionary<string, string> _mounts;

    private PodVolumes(DirectoryInfo directory, Dictionary<string, string> mounts)
    {
        _directory = directory;
        _mounts = mounts;
    }

    /// <summary>Null while a volume is not there yet: the Pod waits, as it would on a node.</summary>
    internal static async Task<PodVolumes?> FillAsync(ApiServer server, string space, JsonObject spec)
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-pod-");
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in spec["volumes"]!.AsArray().Select(item => item!.AsObject()))
        {
            var name = (string)volume["name"]!;
            places[name] = Directory.CreateDirectory(Path.Combine(directory.FullName, name)).FullName;
            if (!await FillAsync(server, space, volume, places[name]))
            {
                directory.Delete(recursive: true);
                return null;
            }
        }

        var mounts = spec["containers"]![0]!["volumeMounts"]!.AsArray();
        return new PodVolumes(directory, mounts.ToDictionary(mount => (string)mount!["mountPath"]!, mount => places[(string)mount!["name"]!], StringComparer.Ordinal));
    }

    /// <summary>A path of the container, here; what is in no volume stays as it is.</summary>
    internal string Place(string path)
    {
        var mount = _mounts.Keys.Where(m => path == m || path.StartsWith(m + "/", StringComparison.Ordinal)).MaxBy(m => m.Length);
        return mount is null ? path : _mounts[mount] + path[mount.Length..];
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static async Task<bool> FillAsync(ApiServer server, string space, JsonObject volume, string place)
    {
        var source = volume["configMap"] is { } map ? $"configmaps/{map["name"]}" : volume["secret"] is { } secret ? $"secrets/{secret["secretName"]}" : null;
        if (source is null)
        {
            return true;
        }

        var answer = await server.Admin.GetAsync($"/api/v1/namespaces/{space}/{source}");
        if (answer.Status == HttpStatusCode.NotFound)
        {
            return false;
        }

        foreach (var (file, content) in answer.ExpectUnlessOut()["data"]!.AsObject())
        {
            var bytes = volume["secret"] is null ? Encoding.UTF8.GetBytes((string)content!) : Convert.FromBase64String((string)content!);
            await File.WriteAllBytesAsync(Path.Combine(place, file), bytes);
        }

        return true;
    }
}
