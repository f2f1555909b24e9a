package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The power is cut again and again, in the middle of anything, and the disk keeps of what was not forced
/// whatever it likes.
final class PowerLossTest {
    private static final int CUTS = 5;
    private static final List<BrittleDisk.Kept> KEPT = List.of(BrittleDisk.Kept.values());
    private static final int MOST_STEPS = 200;
    /// before a stop in order
    private static final int FEW_STEPS = 40;
    private static final int SOAKED = 400;
    private static final long SOAK = 1000;
    /// a few batches
    private static final long TURN = 32 * 1024;

    private final SettableClock clock = new SettableClock();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void what_was_acknowledged_outlives_every_power_cut(long seed) {
        run(seed, Forcing.Effort.FORCE);
    }

    @Tag("soak")
    @Test
    void what_was_acknowledged_outlives_thousands_of_power_cuts() {
        LongStream.rangeClosed(SOAK, SOAK + SOAKED).forEach(seed -> run(seed, Forcing.Effort.FORCE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORCE")
    void without_the_force_it_would_be_noticed(Forcing.Effort effort) {
        assertThatThrownBy(() -> LongStream.rangeClosed(1, 50).forEach(seed -> run(seed, effort)))
                .isInstanceOfAny(AssertionError.class, NoSuchElementException.class);
    }

    void run(long seed, Forcing.Effort effort) {
        var random = new Random(seed);
        var work = new PowerWorkload(random, clock);
        var disk = new BrittleDisk();
        // H2 overwrites what it needs no longer after 45 s, as it is run; in the soak also at once
        var settings = seed >= SOAK && seed % 4 == 0 ? ";RETENTION_TIME=0" : "";
        for (var cut = 0; cut < CUTS; cut++) {
            var kept = KEPT.get(random.nextInt(KEPT.size()));
            disk.cutAfter(1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 300));
            workUntilCut(disk, work, settings, random, effort);
            disk = disk.afterPowerCut(kept, random);
            try {
                while (random.nextInt(3) == 0) {
                    disk = cutAtStart(disk, settings, kept, random, effort);
                }
                check(disk, work, settings, effort);
            } catch (StoreException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", cut " + cut + ", kept " + kept, e);
            }
        }
    }

    private void workUntilCut(
            BrittleDisk disk, PowerWorkload work, String settings, Random random, Forcing.Effort effort) {
        var closing = random.nextInt(3) == 0;
        try {
            var store = open(disk, settings, effort);
            try {
                work.on(store);
                work.enrol();
                work.subscribeAll();
                for (var left = closing ? random.nextInt(FEW_STEPS) : MOST_STEPS; left > 0 && !disk.isDead(); left--) {
                    work.step();
                }
            } finally {
                if (closing) {
                    disk.cutAfter(1 + random.nextInt(12));
                } else {
                    disk.cut();
                }
                closeDead(store);
            }
        } catch (StoreException e) {
            assertThat(disk.isDead()).as("%s", e).isTrue();
        }
    }

    /// Once more, while the store is being mended, opened or closed.
    private BrittleDisk cutAtStart(
            BrittleDisk disk, String settings, BrittleDisk.Kept kept, Random random, Forcing.Effort effort) {
        disk.cutAfter(1 + random.nextInt(12));
        try {
            closeDead(open(disk, settings, effort));
        } catch (StoreException e) {
            assertThat(disk.isDead()).as("%s", e).isTrue();
        }
        return disk.afterPowerCut(kept, random);
    }

    private static void closeDead(H2Store store) {
        try {
            store.close();
        } catch (StoreException expected) {
            // it cannot say good-bye any more
        }
    }

    private H2Store open(BrittleDisk disk, String settings, Forcing.Effort effort) {
        var url = disk.url() + settings;
        return H2Store.open(
                new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                surroundings(),
                new Forcing(effort, TURN));
    }

    /// Nothing but the workload, and H2 itself, does anything.
    private H2Store.Surroundings surroundings() {
        return new H2Store.Surroundings(clock, new SecureRandom(), Duration.ofDays(1));
    }

    private void check(BrittleDisk disk, PowerWorkload work, String settings, Forcing.Effort effort) {
        var store = open(disk, settings, effort);
        try {
            work.on(store);
            checkMailboxes(store, work, checkEvents(store, work));
            work.see();
        } finally {
            store.close();
        }
    }

    private static Set<String> checkEvents(H2Store store, PowerWorkload work) {
        var events = store.journal().read(Position.START, Integer.MAX_VALUE);
        var found = events.stream()
                .collect(Collectors.toMap(
                        event -> event.position().value(), event -> event.id() + " " + event.sequence()));
        work.promised.forEach((position, event) -> {
            if (position > work.prunedUpTo) {
                assertThat(found).containsEntry(position, event);
            }
        });
        var sequences = new HashMap<EventSource, Long>();
        var items = new HashSet<String>();
        var last = 0L;
        for (var event : events) {
            assertThat(last == 0 || event.position().value() == last + 1).isTrue();
            last = event.position().value();
            var before = sequences.put(event.source(), event.sequence());
            assertThat(before == null || event.sequence() == before + 1).isTrue();
            if (event.data() instanceof EventData.Change change) {
                assertThat(work.sent).contains(change.target().id());
                assertThat(items.add(change.target().id())).isTrue();
            }
        }
        assertThat(store.journal().end().value()).isGreaterThanOrEqualTo(work.readUpTo);
        return items;
    }

    private static void checkMailboxes(H2Store store, PowerWorkload work, Set<String> items) {
        for (var box : work.boxes()) {
            var mailbox = store.mailboxes().find(box.id).orElseThrow();
            var mark = mailbox.watermark()
                    .map(taken -> Integer.parseInt(taken.value().value().substring(1)))
                    .orElse(0);
            assertThat(mark).isBetween(box.floor, box.arrived);
            var attempt =
                    mailbox.pending().or(mailbox::live).map(AttemptId::number).orElse(0L);
            assertThat(attempt).isBetween(box.attempts, box.attempts + 1);
            // one that was cut short counts from here on: the next may be cut short as well
            box.attempts = attempt;
            var state = store.resyncs()
                    .state(box.id, "inbox")
                    .map(it -> Integer.parseInt(it.state().value().split(" ", -1)[1]))
                    .orElse(0);
            var promised = work.pages.getOrDefault(box.id, 0);
            assertThat(state).isBetween(promised, promised + 1);
            work.pages.put(box.id, state);
            // a page and its state come together or not at all
            assertThat(items).containsAll(work.pageItems(box.id, state));
        }
        var letters = store.deliveries().deadLetters(Optional.empty(), 10_000).stream()
                .map(DeadLetter::id)
                .toList();
        assertThat(letters).containsAll(work.buried);
        work.delivered.ifPresent(promised -> assertThat(
                        store.deliveries().open(PowerWorkload.SINK).upTo())
                .isGreaterThanOrEqualTo(promised.upTo())
                .isLessThanOrEqualTo(store.journal().end()));
    }
}
