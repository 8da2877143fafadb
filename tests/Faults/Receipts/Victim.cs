namespace Sandcastle.Faults.Receipts;

/// <summary>Who dies.</summary>
public enum Victim
{
    Worker,
    Manager,
    Database,
}
