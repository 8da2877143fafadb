namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>Calls that share an answer and the reason for it.</summary>
internal sealed record SeccompGroup
{
    internal required string Name { get; init; }

    internal required string Reason { get; init; }

    /// <summary>Names as libseccomp knows them.</summary>
    internal required IReadOnlyList<string> Calls { get; init; }

    internal required SeccompVerdict Verdict { get; init; }
}
