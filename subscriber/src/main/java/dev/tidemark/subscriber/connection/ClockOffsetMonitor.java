package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.StoreException;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores the offset of Exchange's clock and warns if it is large. Learns it from the responses and events of
/// one connection. [ConnectionGate] calls it after each response, so the store has the offset before the caller
/// uses the response. Thread-safe.
final class ClockOffsetMonitor {
    private static final Logger log = LoggerFactory.getLogger(ClockOffsetMonitor.class);

    /// Offset changes below this stay unsaved: every sensible `resync-margin` covers them.
    private static final Duration STORE_THRESHOLD = Duration.ofSeconds(30);

    /// Kerberos refuses logins at this difference, and logs of both machines are hard to compare.
    private static final Duration WARN_THRESHOLD = Duration.ofMinutes(5);

    /// The store walks all mailboxes for the earliest time, so a result is reused this long.
    private static final Duration LOOK_BACK_REUSE = Duration.ofMinutes(1);

    private final String connection;
    private final ExchangeClock clock;
    private final ExchangeOffsets offsets;
    /// range that the store holds for the next start
    private Optional<ClockOffset> stored;
    private Optional<Instant> lookBack = Optional.empty();
    private Instant lookBackAt = Instant.EPOCH;
    private boolean warned;
    private boolean storeFailed;

    ClockOffsetMonitor(String connection, ExchangeClock clock, ExchangeOffsets offsets) {
        this.connection = connection;
        this.clock = clock;
        this.offsets = offsets;
        stored = offsets.offsetOf(connection);
        stored.ifPresent(clock::restore);
    }

    ExchangeClock clock() {
        return clock;
    }

    synchronized void check() {
        var byEvents = offsets.boundByEvents(connection);
        byEvents.ifPresent(clock::setEventBound);
        var byDate = clock.latestOffset();
        byDate.ifPresent(this::report);
        if (byDate.isPresent() || byEvents.isPresent()) {
            store(clock.offset());
        }
    }

    private void store(ClockOffset offset) {
        var range = rangeForNextStart(offset);
        if (isSimilar(offsets.offsetOf(connection), offset) && isSimilar(stored, range)) {
            return;
        }
        try {
            offsets.save(connection, offset, range);
            stored = Optional.of(range);
            if (storeFailed) {
                log.info("Stored the clock offset of connection {} again", connection);
            }
            storeFailed = false;
        } catch (StoreException e) {
            // the response stays valid, and the next one stores the offset again
            if (!storeFailed) {
                log.warn(
                        "Failed to store the clock offset of connection {}: {}; retrying with the next response",
                        connection,
                        e.getMessage());
            }
            storeFailed = true;
        }
    }

    private static boolean isSimilar(Optional<ClockOffset> before, ClockOffset offset) {
        return before.filter(known -> !offset.differsByMoreThan(known, STORE_THRESHOLD))
                .isPresent();
    }

    /// Returns the range that the next start must know. Mail of a mailbox without a resync for a long time may have
    /// its time by a clock that was corrected since.
    private ClockOffset rangeForNextStart(ClockOffset offset) {
        return clock.rangeSince(Instant.MIN).differsByMoreThan(offset, STORE_THRESHOLD)
                ? earliestLookBack()
                        .map(clock::rangeForNextStart)
                        .map(offset::union)
                        .orElse(offset)
                : offset;
    }

    private Optional<Instant> earliestLookBack() {
        var now = clock.localNow();
        if (Duration.between(lookBackAt, now).abs().compareTo(LOOK_BACK_REUSE) >= 0) {
            lookBack = offsets.earliestLookBack(connection);
            lookBackAt = now;
        }
        return lookBack;
    }

    private void report(Duration ahead) {
        var isLarge = ahead.abs().compareTo(WARN_THRESHOLD) > 0;
        if (isLarge && !warned) {
            log.warn(
                    "The clock of Exchange on connection {} is {} s {} Tidemark's; synchronize both machines by NTP;"
                            + " resyncs correct the difference until then",
                    connection,
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of");
        } else if (!isLarge && warned) {
            log.info("The clock of Exchange on connection {} agrees with Tidemark's again", connection);
        }
        warned = isLarge;
    }
}
