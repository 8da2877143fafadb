namespace Sandcastle.Operator.Certificates;

/// <summary>How certificates are: what a pool's condition <c>CertificatesReady</c> says.</summary>
/// <param name="IsReady">They are there, and in their time.</param>
/// <param name="Reason">One word, in CamelCase.</param>
/// <param name="Message">One sentence.</param>
public sealed record CertificateState(bool IsReady, string Reason, string Message)
{
    /// <summary>The reason of what is only a matter of seconds.</summary>
    internal const string Issuing = "Issuing";

    /// <summary>The reason of what is as it should be.</summary>
    internal const string Issued = "Issued";
}
