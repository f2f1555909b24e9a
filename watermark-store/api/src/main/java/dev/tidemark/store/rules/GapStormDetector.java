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

/// Connections of which so many notifications look like gaps that the fault is not the mailboxes': an Exchange
/// whose watermarks do not follow each other, or a proxy that loses every tenth call-back. To subscribe
/// thousands of mailboxes afresh, again and again, would only make that worse. While it lasts gaps are counted;
/// when it is over, every mailbox that had one is looked after. Used under the write lock only.
final class GapStormDetector {
    private static final Logger LOG = LoggerFactory.getLogger(GapStormDetector.class);
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int SLICES = 10;
    /// A storm begins above one gap in so many notifications, and ends below half of that.
    private static final int BEGINS_ABOVE = 20;

    private static final int ENDS_BELOW = 2 * BEGINS_ABOVE;
    /// Fewer are no storm, whatever their share: a few mailboxes are soon subscribed afresh.
    private static final int LEAST = 50;

    private final UnaryOperator<String> connectionOf;
    private final Clock clock;
    private final Map<String, StormWindow> weathers = new HashMap<>();

    /// @param connectionOf tells a group's connection
    GapStormDetector(UnaryOperator<String> connectionOf, Clock clock) {
        this.connectionOf = connectionOf;
        this.clock = clock;
    }

    /// Counts a notification of a mailbox.
    ///
    /// @param gap whether it looks as if something before it were missing
    /// @return whether there is a storm on the mailbox's connection
    boolean count(MailboxRecord cell, boolean gap) {
        var weather = weather(cell);
        weather.add(clock.instant(), gap);
        if (!weather.storm && gap && weather.tooMany()) {
            weather.storm = true;
            LOG.warn(
                    "On connection {} {} of {} notifications within five minutes look as if something before them was"
                            + " missing. Gaps are only counted until that is over; then the mailboxes concerned are"
                            + " subscribed afresh from where theirs began.",
                    connectionOf.apply(cell.membership.group()),
                    weather.gaps(),
                    weather.notifications());
        }
        return weather.storm;
    }

    /// A mailbox that is to be looked after when the storm is over, or at once where there is none.
    void remember(MailboxRecord cell) {
        weather(cell).waiting.add(cell.id);
    }

    /// Mailboxes whose storm is over, at most so many; the next call gives the next ones.
    Collection<MailboxId> released(int most) {
        var released = new LinkedHashSet<MailboxId>();
        weathers.forEach((connection, weather) -> {
            weather.roll(clock.instant());
            if (weather.storm && weather.calm()) {
                weather.storm = false;
                LOG.info(
                        "The storm of gaps on connection {} is over; {} mailboxes are looked after.",
                        connection,
                        weather.waiting.size());
            }
            if (!weather.storm) {
                weather.release(most - released.size(), released);
            }
        });
        return List.copyOf(released);
    }

    private StormWindow weather(MailboxRecord cell) {
        return weathers.computeIfAbsent(connectionOf.apply(cell.membership.group()), ignored -> new StormWindow());
    }

    /// What one connection's notifications looked like, in slices of the window that are dropped one by one.
    private static final class StormWindow {
        private static final long SLICE = WINDOW.toMillis() / SLICES;

        private final Set<MailboxId> waiting = new LinkedHashSet<>();
        private final int[] notifications = new int[SLICES];
        private final int[] gaps = new int[SLICES];
        private long slice = Long.MIN_VALUE;
        private boolean storm;

        void add(Instant now, boolean gap) {
            roll(now);
            var place = (int) Math.floorMod(slice, (long) SLICES);
            notifications[place]++;
            gaps[place] += gap ? 1 : 0;
        }

        /// A clock that is set back stays in the slice that it was in.
        void roll(Instant now) {
            var present = now.toEpochMilli() / SLICE;
            var next = Math.max(slice + 1, present - SLICES + 1);
            for (; next <= present; next++) {
                var place = (int) Math.floorMod(next, (long) SLICES);
                notifications[place] = 0;
                gaps[place] = 0;
            }
            slice = Math.max(slice, present);
        }

        boolean tooMany() {
            return gaps() >= LEAST && gaps() * BEGINS_ABOVE > notifications();
        }

        boolean calm() {
            return gaps() * ENDS_BELOW <= notifications() || gaps() < LEAST / 2;
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

        void release(int most, Collection<MailboxId> released) {
            var each = waiting.iterator();
            for (var left = most; left > 0 && each.hasNext(); left--) {
                released.add(each.next());
                each.remove();
            }
        }
    }
}
