using System.Text.Json;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Tests.Watch;

public sealed class ObjectStoreTests
{
    private readonly List<string> _changes = [];
    private readonly ObjectStore<Pod> _store;

    public ObjectStoreTests() => _store = new ObjectStore<Pod>(
        pod => pod.Metadata.Labels.TryGetValue("pool", out var pool) ? new ObjectKey(pod.Metadata.Namespace, pool) : null,
        pod => _changes.Add($"{pod.Metadata.Name}@{pod.Metadata.ResourceVersion}"));

    [Fact]
    public void Set_of_an_older_version_changes_nothing()
    {
        _store.Set(Pod("a", 9)).ShouldBeTrue();
        _store.Set(Pod("a", 10)).ShouldBeTrue();
        _store.Set(Pod("a", 9)).ShouldBeFalse();
        _store.Set(Pod("a", 10)).ShouldBeFalse();

        _changes.ShouldBe(["a@9", "a@10"]);
        _store.Of(new ObjectKey("ns", "py")).Single().Metadata.ResourceVersion.ShouldBe("10");
    }

    [Fact]
    public void Set_of_what_is_gone_does_not_bring_it_back()
    {
        _store.Set(Pod("a", 5));
        _store.Remove(Pod("a", 7));

        _store.Set(Pod("a", 6)).ShouldBeFalse();
        _store.All.ShouldBeEmpty();
        _store.Set(Pod("a", 8, uid: "another")).ShouldBeTrue();
    }

    [Fact]
    public void Remove_of_another_one_with_the_name_leaves_what_is_there()
    {
        _store.Set(Pod("a", 8, uid: "new"));
        _store.Remove(Pod("a", 7, uid: "old"));
        _store.Remove(new ObjectKey("ns", "a"), "old");

        _store.All.ShouldHaveSingleItem().Metadata.Uid.ShouldBe("new");
    }

    [Fact]
    public void Replace_keeps_what_was_written_after_the_list_was_read()
    {
        _store.Set(Pod("gone", 3));
        _store.Set(Pod("written", 12));
        _store.Set(Pod("listed", 4));

        _store.Replace(new ObjectPage([Pod("listed", 6)], "10"));

        _store.All.Select(pod => $"{pod.Metadata.Name}@{pod.Metadata.ResourceVersion}").Order().ShouldBe(["listed@6", "written@12"]);
        _changes.ShouldBe(["gone@3", "written@12", "listed@4", "gone@3", "listed@6"]);
    }

    [Fact]
    public void Replace_leaves_out_what_cannot_be_read_and_says_so()
    {
        var reasons = new List<string>();
        var store = new ObjectStore<Pod>(_ => null, _ => { }, reasons.Add);

        store.Replace(new ObjectPage([JsonSerializer.SerializeToElement(new { metadata = 5 }), Pod("a", 1)], "2"));

        store.All.ShouldHaveSingleItem().Metadata.Name.ShouldBe("a");
        reasons.ShouldHaveSingleItem().ShouldContain("metadata");
    }

    [Fact]
    public void Of_follows_an_object_to_another_group()
    {
        _store.Set(Pod("a", 1));
        _store.Set(Pod("a", 2, pool: "other"));

        _store.Of(new ObjectKey("ns", "py")).ShouldBeEmpty();
        _store.Of(new ObjectKey("ns", "other")).ShouldHaveSingleItem();
    }

    private static JsonElement Pod(string name, int version, string? uid = null, string pool = "py") => JsonSerializer.SerializeToElement(new
    {
        metadata = new { name, @namespace = "ns", uid = uid ?? "uid-" + name, resourceVersion = $"{version}", labels = new { pool } },
    });
}
