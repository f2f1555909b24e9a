package dev.tidemark.store.postgresql;

import dev.tidemark.store.engine.StorageHealth;
import dev.tidemark.values.DurationHistogram;
import java.util.Optional;
import java.util.OptionalLong;

/// Health of the database as the last commit found it. The space on the server's disk is not known here.
/// Thread-safe.
record ServerHealth(PostgresWork work) implements StorageHealth {
    private static final String AWAY =
            "The store has lost PostgreSQL and connects again; check that the server runs and is reachable.";

    /// Refuses callbacks at once while the database cannot write, instead of letting each wait for a connection.
    @Override
    public Optional<String> obstacle() {
        if (!work.hasFailed()) {
            return Optional.empty();
        }
        return Optional.of(work.isDiskFull() ? PostgresErrors.NO_SPACE : AWAY);
    }

    /// Returns the reason why the server is unreachable; empty if it can be read, also while its disk is full.
    Optional<String> unreachable() {
        return work.hasFailed() && !work.isDiskFull() ? Optional.of(AWAY) : Optional.empty();
    }

    /// Returns the number of times that the store connected again.
    long reconnects() {
        return work.reconnects();
    }

    @Override
    public OptionalLong freeBytes() {
        return OptionalLong.empty();
    }

    @Override
    public DurationHistogram.Reading syncs() {
        return work.syncs();
    }
}
