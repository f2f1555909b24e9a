package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.FallbackCounters;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.StreamCoordinator;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Serves mailboxes whose push does not work through streams of the subscriber.
final class StreamingTransport implements FallbackTransport {
    private final StreamCoordinator streams;

    StreamingTransport(StreamCoordinator streams) {
        this.streams = streams;
    }

    @Override
    public void enqueueCheck(MailboxId mailbox) {
        streams.watch(mailbox);
    }

    @Override
    public Optional<Instant> tick(Runnable wake) {
        streams.tick();
        return Optional.empty();
    }

    @Override
    public FallbackCounters counters() {
        var counters = streams.counters();
        return new FallbackCounters(counters.mailboxes(), 0, counters.found(), Map.of(), Optional.of(counters));
    }

    @Override
    public void close() {
        streams.stop();
    }
}
