using System.Buffers;
using System.Text.Json;
using Google.Protobuf.Collections;
using Sandcastle.Grpc.V1;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using RunRequest = Sandcastle.Protocol.Rest.RunRequest;

namespace Sandcastle.Manager.Edges.Grpc;

/// <summary>Turns the messages of a call into what the application service takes. What is wrong with it, admission says, in the REST interface's words.</summary>
internal static class GrpcRequests
{
    private const string KeyField = "idempotency_key";

    public static RunRequest Read(Sandcastle.Grpc.V1.RunRequest request) => new()
    {
        Template = request.HasTemplate ? request.Template : null,
        Code = request.ProgramCase == Sandcastle.Grpc.V1.RunRequest.ProgramOneofCase.Code ? request.Code : null,
        Argv = request.ProgramCase == Sandcastle.Grpc.V1.RunRequest.ProgramOneofCase.Command ? request.Command.Argv : null,
        Args = List(request.Args),
        Stdin = request.HasStdin ? request.Stdin : null,
        Env = Map(request.Env),
        Files = request.Files.Count == 0 ? null : [.. request.Files.Select(Read)],
        Limits = request.Limits is { } limits ? Read(limits) : null,
        Collect = List(request.Collect),
        Metadata = Map(request.Metadata),
        Profile = request.HasProfile ? request.Profile : null,
        RequireKeep = request.HasRequireKeep ? request.RequireKeep : null,
        Queue = request.HasQueueMaxWaitMs ? new QueueRequest { MaxWaitMs = request.QueueMaxWaitMs } : null,
    };

    /// <summary>The digest is of the request as REST would write it: a message's own bytes may differ from call to call.</summary>
    /// <exception cref="RefusalException">It is no key.</exception>
    public static IdempotencyKey? ReadKey(Sandcastle.Grpc.V1.RunRequest request, RunRequest read)
    {
        if (!request.HasIdempotencyKey)
        {
            return null;
        }

        if (!IdempotencyKey.IsValid(request.IdempotencyKey))
        {
            throw FieldErrors.Invalid([new FieldError(KeyField, $"must be 1 to {IdempotencyKey.MostCharacters} visible ASCII characters")]);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(read, RestJson.Default.RunRequest);
        return new IdempotencyKey(request.IdempotencyKey, IdempotencyKey.DigestOf(new ReadOnlySequence<byte>(body)));
    }

    private static RunFileContent Read(Sandcastle.Grpc.V1.File file) => new() { Path = file.Path, ContentBase64 = Convert.ToBase64String(file.Content.Span) };

    private static LimitsRequest Read(Limits limits) => new()
    {
        TimeoutMs = limits.HasTimeoutMs ? limits.TimeoutMs : null,
        MemoryMiB = limits.HasMemoryMib ? limits.MemoryMib : null,
        Cpus = limits.HasCpus ? limits.Cpus : null,
        Pids = limits.HasPids ? limits.Pids : null,
        DiskMiB = limits.HasDiskMib ? limits.DiskMib : null,
        DiskInodes = limits.HasDiskInodes ? limits.DiskInodes : null,
        OutputKiB = limits.HasOutputKib ? limits.OutputKib : null,
        OpenFiles = limits.HasOpenFiles ? limits.OpenFiles : null,
    };

    private static RepeatedField<string>? List(RepeatedField<string> list) => list.Count == 0 ? null : list;

    private static SortedDictionary<string, string>? Map(MapField<string, string> map) =>
        map.Count == 0 ? null : new SortedDictionary<string, string>(map, StringComparer.Ordinal);
}
