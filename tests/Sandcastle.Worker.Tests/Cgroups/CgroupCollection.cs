namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>Tests that move this process, or measure, run one at a time and alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CgroupCollection
{
    public const string Name = "cgroups";
}
