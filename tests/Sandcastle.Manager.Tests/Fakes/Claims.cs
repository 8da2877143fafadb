using System.Buffers;
using System.Text;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>Claims as a manager would make them that is not there.</summary>
internal static class Claims
{
    public static KeyEntry Of(string body, string key, RunId run, string manager) => new()
    {
        Tenant = "default",
        Key = key,
        Digest = IdempotencyKey.DigestOf(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body))),
        Run = run,
        Manager = manager,
        CreatedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
    };
}
