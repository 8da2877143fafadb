namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>Who waits for a worker with room for one template, and how many of those that were called have not heard yet.</summary>
internal sealed class TemplateLine
{
    public FairLine<CapacityWaiter> Waiting { get; } = new();

    /// <summary>Called, and neither started nor refused yet. Each stands charged in <see cref="Waiting"/>, so there are never many.</summary>
    public int Trying { get; set; }
}
