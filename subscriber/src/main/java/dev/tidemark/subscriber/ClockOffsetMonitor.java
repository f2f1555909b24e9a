package dev.tidemark.subscriber;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.values.ClockOffset;
import dev.tidemark.watermark.ExchangeOffsets;
import dev.tidemark.watermark.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores the offset of Exchange's clock that a connection's responses and events show, and warns if it is large by
/// the responses. [ConnectionGate] calls it after each response, so the offset is in the store before the caller
/// uses the response. Thread-safe.
final class ClockOffsetMonitor {
    private static final Logger log = LoggerFactory.getLogger(ClockOffsetMonitor.class);

    /// Clocks drift; every sensible `resync-margin` covers smaller differences.
    private static final Duration NOTABLE = Duration.ofSeconds(30);

    /// Kerberos refuses a login at this difference, and logs of both sides are hard to compare.
    private static final Duration ALARMING = Duration.ofMinutes(5);

    /// All mailboxes are asked for it, so not for each response.
    private static final Duration LOOK_BACK_KEPT = Duration.ofMinutes(1);

    private final String connection;
    private final ExchangeClock clock;
    private final ExchangeOffsets offsets;
    /// the range that the store holds for the next start
    private Optional<ClockOffset> kept;
    private Optional<Instant> lookBack = Optional.empty();
    private Instant lookBackAt = Instant.EPOCH;
    private boolean alarmed;
    private boolean storeFails;

    ClockOffsetMonitor(String connection, ExchangeClock clock, ExchangeOffsets offsets) {
        this.connection = connection;
        this.clock = clock;
        this.offsets = offsets;
        kept = offsets.of(connection);
        kept.ifPresent(clock::resume);
    }

    ExchangeClock clock() {
        return clock;
    }

    synchronized void check() {
        var byEvents = offsets.byEvents(connection);
        byEvents.ifPresent(clock::heard);
        var byDate = clock.ahead();
        byDate.ifPresent(this::report);
        if (byDate.isPresent() || byEvents.isPresent()) {
            keep(clock.offset());
        }
    }

    private void keep(ClockOffset offset) {
        var remembered = remembered(offset);
        if (isLike(offsets.of(connection), offset) && isLike(kept, remembered)) {
            return;
        }
        try {
            offsets.learned(connection, offset, remembered);
            kept = Optional.of(remembered);
            if (storeFails) {
                log.info("Stored the clock offset of connection {} again", connection);
            }
            storeFails = false;
        } catch (StoreException e) {
            // the response stays valid, and the next one stores the offset again
            if (!storeFails) {
                log.warn("Failed to store the clock offset of connection {}: {}", connection, e.getMessage());
            }
            storeFails = true;
        }
    }

    private static boolean isLike(Optional<ClockOffset> before, ClockOffset offset) {
        return before.filter(known -> !offset.differs(known, NOTABLE)).isPresent();
    }

    /// Returns the range that the next start must know. Mail of a mailbox that could not be resynchronized for long
    /// may have its time by a clock that was corrected since.
    private ClockOffset remembered(ClockOffset offset) {
        return clock.since(Instant.MIN).differs(offset, NOTABLE)
                ? earliestLookBack().map(clock::remembered).map(offset::with).orElse(offset)
                : offset;
    }

    private Optional<Instant> earliestLookBack() {
        var now = clock.asked();
        if (Duration.between(lookBackAt, now).abs().compareTo(LOOK_BACK_KEPT) >= 0) {
            lookBack = offsets.earliestLookBack(connection);
            lookBackAt = now;
        }
        return lookBack;
    }

    private void report(Duration ahead) {
        var far = ahead.abs().compareTo(ALARMING) > 0;
        if (far && !alarmed) {
            log.warn(
                    "The clock of Exchange on connection {} is {} s {} Tidemark's; synchronize both machines by NTP."
                            + " Resyncs take the difference into account",
                    connection,
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of");
        } else if (!far && alarmed) {
            log.info("The clock of Exchange on connection {} agrees with Tidemark's again", connection);
        }
        alarmed = far;
    }
}
