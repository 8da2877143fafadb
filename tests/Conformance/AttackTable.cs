using Sandcastle.EndToEnd.Servers;
using YamlDotNet.Serialization;

namespace Sandcastle.Conformance;

/// <summary>The attacks of Attacks/*.yaml.</summary>
public static class AttackTable
{
    private static readonly string Here = Path.Combine(Repository.Root, "tests", "Conformance");

    public static IReadOnlyList<Attack> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Here, "Attacks"), "*.yaml").Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>What attacks in Python are written with.</summary>
    public static string Prelude { get; } = File.ReadAllText(Path.Combine(Here, "attack.py"));

    public static Attack Find(string family, string name) => All.Single(attack => attack.Family == family && attack.Name == name);

    private static IEnumerable<Attack> Read(string file)
    {
        var entries = new DeserializerBuilder().Build().Deserialize<List<Entry>>(File.ReadAllText(file));
        return entries.Select(entry => new Attack
        {
            Family = Path.GetFileNameWithoutExtension(file),
            Name = entry.Attack,
            Python = entry.Python,
            Bash = entry.Bash,
            C = entry.C,
            Beside = entry.Beside,
            Then = entry.Then,
            Collect = entry.Collect,
            Expect = entry.Expect.Split('|'),
            Except = entry.Except,
            Bubblewrap = entry.Bubblewrap,
            Walls = entry.Walls,
            Since = Version.Parse(entry.Since),
            Untried = entry.Untried,
            Instead = entry.Instead.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value.Split('|'), StringComparer.Ordinal),
        });
    }

    private sealed class Entry
    {
        [YamlMember(Alias = "attack")]
        public string Attack { get; set; } = "";

        [YamlMember(Alias = "python")]
        public string? Python { get; set; }

        [YamlMember(Alias = "bash")]
        public string? Bash { get; set; }

        [YamlMember(Alias = "c")]
        public string? C { get; set; }

        [YamlMember(Alias = "beside")]
        public string? Beside { get; set; }

        [YamlMember(Alias = "then")]
        public string? Then { get; set; }

        [YamlMember(Alias = "collect")]
        public List<string> Collect { get; set; } = [];

        [YamlMember(Alias = "expect")]
        public string Expect { get; set; } = "succeeded";

        [YamlMember(Alias = "except")]
        public Dictionary<string, string> Except { get; set; } = [];

        [YamlMember(Alias = "bubblewrap")]
        public string? Bubblewrap { get; set; }

        [YamlMember(Alias = "walls")]
        public List<string> Walls { get; set; } = [];

        [YamlMember(Alias = "since")]
        public string Since { get; set; } = "5.0";

        [YamlMember(Alias = "untried")]
        public Dictionary<string, string> Untried { get; set; } = [];

        [YamlMember(Alias = "instead")]
        public Dictionary<string, string> Instead { get; set; } = [];
    }
}
