using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace Sandcastle.Manager;

/// <summary>This process among all managers that ever were: what it left behind when it was killed is not its successor's.</summary>
/// <param name="Name">Host name, and 8 hexadecimal digits of its own; behind an @ where other managers reach it, where they do. The ledger knows it by this.</param>
public sealed record ManagerIdentity(string Name)
{
    private const int Digits = 8;
    private const int OriginDigits = 4;
    private const char At = '@';

    /// <summary>In the ids of its runs.</summary>
    public ushort Origin => TryReadOrigin(Name, out var origin) ? origin : throw new InvalidOperationException($"'{Name}' is no manager's name");

    /// <param name="address">Where other managers reach it; null for nowhere.</param>
    public static ManagerIdentity New(IPEndPoint? address = null)
    {
        var own = $"{Environment.MachineName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Digits / 2))}";
        return new ManagerIdentity(address is null ? own : $"{own}{At}{address}");
    }

    /// <summary>False for a name that no manager of this version has given itself.</summary>
    internal static bool TryReadOrigin(string name, out ushort origin)
    {
        var own = name.AsSpan(0, name.LastIndexOf(At) is >= 0 and var at ? at : name.Length);
        origin = 0;
        return own.Length > Digits && own[^(Digits + 1)] == '-'
            && ushort.TryParse(own.Slice(own.Length - Digits, OriginDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out origin);
    }

    /// <summary>Where the manager of that name is reached; false for one that says nothing of it.</summary>
    internal static bool TryReadAddress(string name, [NotNullWhen(true)] out IPEndPoint? address)
    {
        address = null;
        return name.LastIndexOf(At) is >= 0 and var at && IPEndPoint.TryParse(name.AsSpan(at + 1), out address) && address.Port != 0;
    }
}
