package dev.tidemark.store.postgresql;

/// Statements of [PostgresLeases]. Each is a separate transaction, so that a node that freezes holds no lock.
/// Lengths are milliseconds.
final class LeaseStatements {
    /// name, session, version, started at, length, clock offset, takes work, sink partitions, name; updates no row
    /// if a live node has the name, or another number of sink partitions
    static final String SEE = """
            INSERT INTO cluster_node AS node (name, session, version, started_at, last_seen_at, alive_until,
                clock_offset_milli, takes_work, sink_partitions)
            SELECT ?, ?, ?, ?::timestamptz, now.at, now.at + ? * interval '1 ms', ?, ?, ours.sink_partitions
            FROM (SELECT clock_timestamp() AS at) AS now, (SELECT ?::int AS sink_partitions) AS ours
            WHERE NOT EXISTS (SELECT 1 FROM cluster_node AS other WHERE other.name <> ? AND other.alive_until > now.at
                AND other.sink_partitions <> ours.sink_partitions)
            ON CONFLICT (name) DO UPDATE SET session = excluded.session, version = excluded.version,
                started_at = excluded.started_at, last_seen_at = excluded.last_seen_at,
                alive_until = excluded.alive_until, clock_offset_milli = excluded.clock_offset_milli,
                takes_work = excluded.takes_work, sink_partitions = excluded.sink_partitions
            WHERE node.session = excluded.session OR node.alive_until <= clock_timestamp()
            RETURNING (extract(epoch FROM last_seen_at) * 1000)::bigint
            """;

    /// length, session
    static final String RENEW =
            "UPDATE lease SET leased_until = clock_timestamp() + ? * interval '1 ms' WHERE owner = ?";

    /// resources
    static final String CREATE = """
            INSERT INTO lease (resource, number, owner, leased_until)
            SELECT wanted.resource, 0, NULL, clock_timestamp() FROM unnest(?::text[]) AS wanted (resource)
            WHERE NOT EXISTS (SELECT 1 FROM lease AS known WHERE known.resource = wanted.resource)
            ON CONFLICT (resource) DO NOTHING
            """;

    /// number of resources, session, resources, session, length; takes free leases up to the share, without
    /// waiting
    static final String TAKE = """
            WITH room AS (
                SELECT greatest(0, ceil(?::numeric / greatest(1, alive.nodes)) - held.leases)::bigint AS leases
                FROM (SELECT count(*) AS nodes FROM cluster_node
                        WHERE takes_work AND alive_until > clock_timestamp()) AS alive,
                     (SELECT count(*) AS leases FROM lease WHERE owner = ?) AS held),
            free AS (
                SELECT resource FROM lease
                WHERE resource = ANY (?::text[]) AND (owner IS NULL OR leased_until <= clock_timestamp())
                ORDER BY resource LIMIT (SELECT leases FROM room) FOR UPDATE SKIP LOCKED)
            UPDATE lease SET owner = ?, number = number + 1,
                leased_until = clock_timestamp() + ? * interval '1 ms'
            FROM free WHERE lease.resource = free.resource
            """;

    /// session
    static final String HELD = "SELECT resource, number FROM lease WHERE owner = ?";

    /// resources
    static final String TAKE_COMMANDS =
            "DELETE FROM lease_command WHERE resource = ANY (?::text[]) RETURNING id, resource, command";

    static final String NODES = """
            SELECT name, version, started_at, last_seen_at, clock_offset_milli, alive_until > clock_timestamp(),
                takes_work, ARRAY(SELECT resource FROM lease WHERE owner = session AND leased_until > clock_timestamp()
                    ORDER BY resource)
            FROM cluster_node ORDER BY name
            """;

    /// session, resource, number
    static final String RELEASE = """
            UPDATE lease SET owner = NULL, leased_until = clock_timestamp()
            WHERE owner = ? AND resource = ? AND number = ?
            """;

    /// session
    static final String RELEASE_ALL = "UPDATE lease SET owner = NULL, leased_until = clock_timestamp() WHERE owner = ?";

    /// session
    static final String LEAVE = "DELETE FROM cluster_node WHERE session = ?";

    /// resource, command
    static final String POST =
            "INSERT INTO lease_command (resource, command, posted_at) VALUES (?, ?, clock_timestamp())";

    /// removes what died long ago, and commands that no node took
    static final String PRUNE_NODES =
            "DELETE FROM cluster_node WHERE alive_until < clock_timestamp() - interval '1 day'";

    static final String PRUNE_COMMANDS =
            "DELETE FROM lease_command WHERE posted_at < clock_timestamp() - interval '1 day'";

    private LeaseStatements() {}
}
