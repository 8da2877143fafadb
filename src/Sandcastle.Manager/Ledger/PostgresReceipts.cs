using Npgsql;

namespace Sandcastle.Manager.Ledger;

/// <summary>Any number of receipts as one statement: an array for each column, so that its text, and its plan, are always the same.</summary>
internal static class PostgresReceipts
{
    private const string Statement = """
        INSERT INTO receipts (
            run, tenant, template, profile, keep, worker, outcome, unenforced,
            started_at, recorded_at, cpu_micros, cpu_user_micros, cpu_system_micros, rusage_cpu_micros, wall_micros,
            peak_memory_bytes, io_read_bytes, io_write_bytes, output_bytes, limits, sources, exit_code, signal, memory_byte_seconds)
        SELECT * FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
            $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[],
            $24::double precision[])
        ON CONFLICT (run) DO NOTHING
        """;

    public static NpgsqlCommand Insert(NpgsqlConnection connection, IReadOnlyList<ReceiptRow> rows, IReadOnlyDictionary<string, long> documents)
    {
        var command = new NpgsqlCommand(Statement, connection);

        void Add<T>(Func<ReceiptRow, T> column) => command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(column)] });

        Add(r => r.Run);
        Add(r => r.Tenant);
        Add(r => r.Template);
        Add(r => r.Profile);
        Add(r => r.Keep);
        Add(r => r.Worker);
        Add(r => r.Outcome);
        Add(r => r.Unenforced);
        Add(r => r.StartedAt);
        Add(r => r.RecordedAt);
        Add(r => r.CpuMicros);
        Add(r => r.CpuUserMicros);
        Add(r => r.CpuSystemMicros);
        Add(r => r.RusageCpuMicros);
        Add(r => r.WallMicros);
        Add(r => r.PeakMemoryBytes);
        Add(r => r.IoReadBytes);
        Add(r => r.IoWriteBytes);
        Add(r => r.OutputBytes);
        Add(r => documents[r.Limits]);
        Add(r => documents[r.Sources]);
        Add(r => r.ExitCode);
        Add(r => r.Signal);
        Add(r => r.MemoryByteSeconds);
        return command;
    }
}
