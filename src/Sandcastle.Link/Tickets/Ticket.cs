namespace Sandcastle.Link.Tickets;

/// <summary>Lets its bearer run programs on one worker, in a tenant's name, for a minute.</summary>
/// <param name="Tenant">Who is charged.</param>
/// <param name="Worker">The only worker that takes it.</param>
/// <param name="Namespace">Of that worker's Pod, whose namesake in another takes it not; empty where there is no cluster.</param>
public sealed record Ticket(string Tenant, string Worker, string Namespace = "")
{
    /// <summary>Long enough to open a connection with; a run that has begun goes on.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Carries it.</summary>
    public const string Header = "X-Sandcastle-Ticket";

    /// <summary>Whom a ticket is for: a worker by its name, among those that bear the same name in their certificates.</summary>
    internal static string Audience(string certified, string worker) => $"{certified}/{worker}";
}
