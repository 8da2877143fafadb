using Sandcastle.Linux.Descriptors;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Jails;

/// <summary>A keep's spec as the jail reads it: one struct and its trees, in a sealed memfd.</summary>
internal static class KeepSpecFile
{
    internal static Fd Create(StagedTemplate staged, string guest, IdRange ids, string? nsjail)
    {
        var spec = new KeepSpec
        {
            Version = WireLimits.Version,
            Kind = nsjail is null ? KeepKind.Builtin : KeepKind.Nsjail,
            HostIdBase = ids.HostBase,
            IdCount = ids.Count,
            OwnId = ids.OwnId ? 1u : 0u,
            TreeCount = (uint)staged.Trees.Count,
        };
        Packet.WriteText(spec.Root, staged.Root);
        Packet.WriteText(spec.Guest, guest);
        Packet.WriteText(spec.Stage, staged.Keep);
        Packet.WriteText(spec.Nsjail, nsjail ?? "");
        Packet.WriteText(spec.Newuidmap, "/usr/bin/newuidmap");
        Packet.WriteText(spec.Newgidmap, "/usr/bin/newgidmap");

        using var bytes = new MemoryStream();
        bytes.Write(Packet.Of(spec));
        foreach (var tree in staged.Trees)
        {
            bytes.Write(Packet.Of(Mirror(tree)));
        }

        return Memfd.Create("sandcastle-keep", bytes.ToArray());
    }

    private static Tree Mirror(TemplateTree tree)
    {
        var mirror = new Tree { Flags = File.Exists(tree.Source) ? TreeFlags.File : TreeFlags.None };
        Packet.WriteText(mirror.Source, tree.Source);
        Packet.WriteText(mirror.Target, tree.Target);
        return mirror;
    }
}
