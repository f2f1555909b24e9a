package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.FallbackCounters;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Transport for mailboxes whose push does not work. [FallbackCoordinator] owns it. The fallback thread calls
/// [#tick].
interface FallbackTransport extends AutoCloseable {
    /// No transport: push is probed again, and a resync follows.
    FallbackTransport NONE = new FallbackTransport() {
        @Override
        public void enqueueCheck(MailboxId mailbox) {}

        @Override
        public Optional<Instant> tick(Runnable wake) {
            return Optional.empty();
        }

        @Override
        public FallbackCounters counters() {
            return new FallbackCounters(0, 0, 0, Map.of(), Optional.empty());
        }
    };

    /// Starts serving the mailbox if its push does not work. Called by many threads.
    void enqueueCheck(MailboxId mailbox);

    /// Runs one round. Any thread runs `wake` when another round has work. Returns the time of the next round
    /// that needs no `wake`.
    Optional<Instant> tick(Runnable wake);

    FallbackCounters counters();

    /// Opens nothing more. Does not close what is open.
    @Override
    default void close() {}
}
