package dev.tidemark.store.rules;

import dev.tidemark.store.model.MailboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Detects connections with so many gaps that the cause is not a single mailbox. The cause may be an Exchange
/// server with inconsistent watermarks, or a proxy that loses callbacks. Resubscribing thousands of mailboxes
/// repeatedly would make that worse. During a storm, gaps are only counted; after it, every affected mailbox is
/// compensated. Guarded by the store's write lock.
final class GapStormDetector {
    private static final Logger LOG = LoggerFactory.getLogger(GapStormDetector.class);
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int SLICES = 10;
    /// A storm begins above one gap in this number of notifications, and ends below half of that.
    private static final int BEGINS_ABOVE = 20;

    private static final int ENDS_BELOW = 2 * BEGINS_ABOVE;
    /// Minimum number of gaps in a storm at any share: resubscribing a few mailboxes is cheap.
    private static final int MIN_GAPS = 50;

    private final UnaryOperator<String> connectionOf;
    private final Clock clock;
    private final Map<String, StormWindow> windows = new HashMap<>();

    /// @param connectionOf returns a group's connection
    GapStormDetector(UnaryOperator<String> connectionOf, Clock clock) {
        this.connectionOf = connectionOf;
        this.clock = clock;
    }

    /// Counts a notification of a mailbox.
    ///
    /// @param gap true if an earlier notification seems to be missing
    /// @return true if there is a storm on the mailbox's connection
    boolean count(MailboxRecord record, boolean gap) {
        var window = windowOf(record);
        window.add(clock.instant(), gap);
        if (!window.storm && gap && window.isStorm()) {
            window.storm = true;
            LOG.warn(
                    "Gap storm on connection {}: an earlier notification is missing for {} of {} notifications within 5"
                            + " minutes; Tidemark only counts gaps until it ends, then resubscribes the affected"
                            + " mailboxes",
                    connectionOf.apply(record.membership.group()),
                    window.gaps(),
                    window.notifications());
        }
        return window.storm;
    }

    /// Remembers a mailbox to be compensated after the storm, or at once if there is none.
    void remember(MailboxRecord record) {
        windowOf(record).waiting.add(record.id);
    }

    /// Returns at most `limit` mailboxes whose storm is over; the next call returns further ones.
    Collection<MailboxId> pollReleased(int limit) {
        var released = new LinkedHashSet<MailboxId>();
        windows.forEach((connection, window) -> {
            window.roll(clock.instant());
            if (window.storm && window.isOver()) {
                window.storm = false;
                LOG.info(
                        "Gap storm on connection {} ended; resubscribing {} mailboxes",
                        connection,
                        window.waiting.size());
            }
            if (!window.storm) {
                window.release(limit - released.size(), released);
            }
        });
        return List.copyOf(released);
    }

    private StormWindow windowOf(MailboxRecord record) {
        return windows.computeIfAbsent(connectionOf.apply(record.membership.group()), ignored -> new StormWindow());
    }

    /// Notifications and gaps of one connection, in slices of the window that expire one by one.
    private static final class StormWindow {
        private static final long SLICE = WINDOW.toMillis() / SLICES;

        private final Set<MailboxId> waiting = new LinkedHashSet<>();
        private final int[] notifications = new int[SLICES];
        private final int[] gaps = new int[SLICES];
        private long slice = Long.MIN_VALUE;
        private boolean storm;

        void add(Instant now, boolean gap) {
            roll(now);
            var index = (int) Math.floorMod(slice, (long) SLICES);
            notifications[index]++;
            gaps[index] += gap ? 1 : 0;
        }

        /// Stays in its slice if the clock is set back.
        void roll(Instant now) {
            var present = now.toEpochMilli() / SLICE;
            var next = Math.max(slice + 1, present - SLICES + 1);
            for (; next <= present; next++) {
                var index = (int) Math.floorMod(next, (long) SLICES);
                notifications[index] = 0;
                gaps[index] = 0;
            }
            slice = Math.max(slice, present);
        }

        boolean isStorm() {
            return gaps() >= MIN_GAPS && gaps() * BEGINS_ABOVE > notifications();
        }

        boolean isOver() {
            return gaps() * ENDS_BELOW <= notifications() || gaps() < MIN_GAPS / 2;
        }

        long gaps() {
            return sum(gaps);
        }

        long notifications() {
            return sum(notifications);
        }

        private static long sum(int[] counts) {
            var sum = 0L;
            for (var count : counts) {
                sum += count;
            }
            return sum;
        }

        void release(int limit, Collection<MailboxId> released) {
            var each = waiting.iterator();
            for (var left = limit; left > 0 && each.hasNext(); left--) {
                released.add(each.next());
                each.remove();
            }
        }
    }
}
