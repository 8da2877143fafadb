using System.Globalization;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Admission;

/// <summary>Checks the wish to wait in line.</summary>
internal static class QueueAdmission
{
    public static TimeSpan Check(QueueRequest? queue, TimeSpan most, FieldErrors errors)
    {
        if (queue is null)
        {
            return TimeSpan.Zero;
        }

        if (queue.MaxWaitMs is not { } asked)
        {
            errors.Add("queue.maxWaitMs", "is required beside 'queue': the longest wait in milliseconds");
            return TimeSpan.Zero;
        }

        var limit = (long)most.TotalMilliseconds;
        if (asked < 0 || asked > limit)
        {
            errors.Add("queue.maxWaitMs", string.Create(CultureInfo.InvariantCulture, $"must be between 0 and {limit}, not {asked}"));
            return TimeSpan.Zero;
        }

        return TimeSpan.FromMilliseconds(asked);
    }
}
