package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.StoreException;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
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

    private final String connection;
    private final ExchangeClock clock;
    private final ExchangeOffsets offsets;
    private boolean alarmed;
    private boolean storeFails;

    ClockOffsetMonitor(String connection, ExchangeClock clock, ExchangeOffsets offsets) {
        this.connection = connection;
        this.clock = clock;
        this.offsets = offsets;
        offsets.of(connection).ifPresent(clock::restore);
    }

    ExchangeClock clock() {
        return clock;
    }

    synchronized void check() {
        var byEvents = offsets.byEvents(connection);
        byEvents.ifPresent(clock::setEventBound);
        var byDate = clock.latestOffset();
        byDate.ifPresent(this::report);
        if (byDate.isPresent() || byEvents.isPresent()) {
            keep(clock.offset());
        }
    }

    private void keep(ClockOffset offset) {
        if (offsets.of(connection)
                .filter(kept -> !offset.differsByMoreThan(kept, NOTABLE))
                .isPresent()) {
            return;
        }
        try {
            offsets.learned(connection, offset);
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
