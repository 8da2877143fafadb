using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Sandcastle.Grpc.V1;
using Sandcastle.Protocol.Rest;
using RunRequest = Sandcastle.Protocol.Rest.RunRequest;
using UsageRequest = Sandcastle.Grpc.V1.UsageRequest;

namespace Sandcastle.Client.Grpc;

/// <summary>Requests as messages.</summary>
internal static class GrpcCalls
{
    /// <exception cref="ArgumentException">It has both code and argv, which a message cannot say, or a file's base64 is none.</exception>
    public static Sandcastle.Grpc.V1.RunRequest Write(RunRequest request, string? idempotencyKey)
    {
        if (request.Code is not null && request.Argv is not null)
        {
            throw new ArgumentException("code and argv are given both; a request has one of them", nameof(request));
        }

        var message = new Sandcastle.Grpc.V1.RunRequest { Limits = request.Limits is { } limits ? Write(limits) : null };
        Set(request.Template, v => message.Template = v);
        Set(request.Code, v => message.Code = v);
        Set(request.Argv, v => message.Command = new Command { Argv = { v } });
        Set(request.Args, message.Args.AddRange);
        Set(request.Stdin, v => message.Stdin = v);
        Set(request.Env, v => Add(message.Env, v));
        Set(request.Files, v => message.Files.AddRange(v.Select(Write)));
        Set(request.Collect, message.Collect.AddRange);
        Set(request.Metadata, v => Add(message.Metadata, v));
        Set(request.Profile, v => message.Profile = v);
        Set(request.RequireKeep, v => message.RequireKeep = v);
        SetValue(request.Queue?.MaxWaitMs, v => message.QueueMaxWaitMs = v);
        Set(idempotencyKey, v => message.IdempotencyKey = v);
        return message;
    }

    public static UsageRequest Usage(DateTimeOffset? from, DateTimeOffset? to) => new()
    {
        From = from is { } start ? Timestamp.FromDateTimeOffset(start) : null,
        To = to is { } end ? Timestamp.FromDateTimeOffset(end) : null,
    };

    private static Sandcastle.Grpc.V1.File Write(RunFileContent file)
    {
        try
        {
            return new Sandcastle.Grpc.V1.File
            {
                Path = file.Path ?? "",
                Content = file.ContentBase64 is { } base64
                    ? ByteString.FromBase64(base64)
                    : UnsafeByteOperations.UnsafeWrap(Encoding.UTF8.GetBytes(file.Content ?? "")),
            };
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"the content of '{file.Path}' is not base64", nameof(file), e);
        }
    }

    private static Limits Write(LimitsRequest limits)
    {
        var message = new Limits();
        SetValue(limits.TimeoutMs, v => message.TimeoutMs = v);
        SetValue(limits.MemoryMiB, v => message.MemoryMib = v);
        SetValue(limits.Cpus, v => message.Cpus = v);
        SetValue(limits.Pids, v => message.Pids = v);
        SetValue(limits.DiskMiB, v => message.DiskMib = v);
        SetValue(limits.DiskInodes, v => message.DiskInodes = v);
        SetValue(limits.OutputKiB, v => message.OutputKib = v);
        SetValue(limits.OpenFiles, v => message.OpenFiles = v);
        return message;
    }

    private static void Add(MapField<string, string> map, IReadOnlyDictionary<string, string> entries)
    {
        foreach (var (name, value) in entries)
        {
            map[name] = value;
        }
    }

    /// <summary>A field of a message takes no null: absent is what was never set.</summary>
    private static void Set<T>(T? value, Action<T> set)
        where T : class
    {
        if (value is not null)
        {
            set(value);
        }
    }

    private static void SetValue<T>(T? value, Action<T> set)
        where T : struct
    {
        if (value is { } known)
        {
            set(known);
        }
    }
}
