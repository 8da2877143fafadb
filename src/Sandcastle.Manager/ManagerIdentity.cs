using System.Security.Cryptography;

namespace Sandcastle.Manager;

/// <summary>This process among all managers that ever were: what it left behind when it was killed is not its successor's.</summary>
/// <param name="Name">Host name, and 8 hexadecimal digits of its own.</param>
public sealed record ManagerIdentity(string Name)
{
    public static ManagerIdentity New() => new($"{Environment.MachineName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
}
