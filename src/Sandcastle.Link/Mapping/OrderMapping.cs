using Google.Protobuf;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="RunOrder"/> on the wire.</summary>
public static class OrderMapping
{
    /// <param name="order">Its bytes are not copied, and must stay as they are.</param>
    /// <param name="live">Output is wanted while it is written.</param>
    /// <param name="clock">Of <see cref="RunOrder.AcceptedTimestamp"/>.</param>
    public static V1.Order ToWire(this RunOrder order, bool live, TimeProvider clock)
    {
        var wire = new V1.Order
        {
            Run = order.Id.Value,
            Tenant = order.Tenant,
            Template = order.Template,
            Stdin = UnsafeByteOperations.UnsafeWrap(order.Stdin),
            Limits = order.Limits.ToWire(),
            ElapsedMicros = WireTime.Micros(clock.GetElapsedTime(order.AcceptedTimestamp)),
            Live = live,
            Weight = order.Weight,
        };
        if (order.Code is { } code)
        {
            wire.Code = UnsafeByteOperations.UnsafeWrap(code);
        }

        if (order.RequireKeep is { } keep)
        {
            wire.RequireKeep = keep;
        }

        wire.Argv.AddRange(order.Argv ?? []);
        wire.Args.AddRange(order.Args);
        wire.Collect.AddRange(order.Collect);
        wire.Files.AddRange(order.Files.Select(f => f.ToWire()));
        foreach (var (name, value) in order.Env)
        {
            wire.Env[name] = value;
        }

        return wire;
    }

    /// <exception cref="FormatException">The run's id is none.</exception>
    public static RunOrder FromWire(this V1.Order order, TimeProvider clock) => new()
    {
        Id = RunId.Parse(order.Run),
        Tenant = order.Tenant,
        Template = order.Template,
        Code = order.HasCode ? order.Code.Memory : default(ReadOnlyMemory<byte>?),
        Argv = order.HasCode ? null : [.. order.Argv],
        Args = [.. order.Args],
        Stdin = order.Stdin.Memory,
        Env = new Dictionary<string, string>(order.Env, StringComparer.Ordinal),
        Files = [.. order.Files.Select(f => f.FromWire())],
        Collect = [.. order.Collect],
        Limits = order.Limits.FromWire(),
        RequireKeep = order.HasRequireKeep ? order.RequireKeep : null,
        Weight = Math.Max(1, order.Weight),
        AcceptedTimestamp = clock.GetTimestamp() - Timestamps(order.ElapsedMicros, clock),
    };

    private static long Timestamps(long micros, TimeProvider clock) => (long)(micros * (clock.TimestampFrequency / 1e6));
}
