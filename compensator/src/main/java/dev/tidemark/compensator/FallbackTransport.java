package dev.tidemark.compensator;

import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Looks after the mailboxes whose push does not work, in its own way. [#tick] is called by one thread at a
/// time.
interface FallbackTransport extends AutoCloseable {
    /// Nobody looks after them; push is tried again, and a resync follows.
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

    /// Takes the mailbox on if its push does not work. Called by many threads.
    void enqueueCheck(MailboxId mailbox);

    /// One round. `wake` is run, by any thread, when another round has something to do. Returns when that is
    /// the case without being woken.
    Optional<Instant> tick(Runnable wake);

    FallbackCounters counters();

    /// Opens nothing any more, and leaves what is open.
    @Override
    default void close() {}
}
