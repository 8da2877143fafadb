using System.Net;

namespace Sandcastle.Manager.Peers;

/// <summary>How managers side by side ask each other for their runs.</summary>
public sealed record PeerOptions
{
    /// <summary>Where the others reach this one, told them by the ledger; null: they cannot.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>How long another may take to answer; the end of a run that is cancelled counts in. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes the handler that dials them, with whatever proves who is who; null where nothing would: then nobody is asked.</summary>
    public Func<HttpMessageHandler>? Dial { get; init; }
}
