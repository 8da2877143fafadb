-- What each tenant's receipts charge, by the hour (microseconds since 1970, UTC) in which they were booked: what budgets are held against. What was booked
-- before this counts for the hour of its start, as it did.

CREATE TABLE booked_use (
    tenant       TEXT COLLATE "C" NOT NULL,
    hour         BIGINT NOT NULL,
    cpu_micros   BIGINT NOT NULL,
    byte_seconds BIGINT NOT NULL,
    PRIMARY KEY (tenant, hour)
);

INSERT INTO booked_use (tenant, hour, cpu_micros, byte_seconds)
SELECT tenant, starts_at / 3600000000 * 3600000000, CAST(CASE WHEN SUM(cpu_micros / 1048576) + SUM(cpu_micros % 1048576) / 1048576 >= 8796093022208 THEN 9223372036854775807
    ELSE SUM(cpu_micros / 1048576) * 1048576 + SUM(cpu_micros % 1048576) END AS BIGINT), CAST(CASE WHEN SUM(byte_seconds / 1048576) + SUM(byte_seconds % 1048576) / 1048576 >= 8796093022208 THEN 9223372036854775807
    ELSE SUM(byte_seconds / 1048576) * 1048576 + SUM(byte_seconds % 1048576) END AS BIGINT)
FROM rollups WHERE seconds <= 3600 GROUP BY 1, 2;
