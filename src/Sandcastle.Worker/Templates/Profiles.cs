namespace Sandcastle.Worker.Templates;

/// <summary>What stands around a run: the names that templates, runs and receipts use.</summary>
internal static class Profiles
{
    /// <summary>Our own jail, forked from a zygote within a keep.</summary>
    internal const string Fork = "fork";

    /// <summary>One nsjail process for each slot.</summary>
    internal const string Nsjail = "nsjail";

    /// <summary>One runsc container for each slot.</summary>
    internal const string Gvisor = "gvisor";
}
