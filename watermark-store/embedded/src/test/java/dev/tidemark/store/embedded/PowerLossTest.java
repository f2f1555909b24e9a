package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.testsupport.SettableClock;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Cuts the power repeatedly, at any point. The disk keeps any part of the unforced data.
final class PowerLossTest {
    private static final int CUTS = 4;
    private static final int MAX_STEPS = 250;
    /// steps before a clean stop
    private static final int FEW_STEPS = 40;
    private static final int SEEDS = 36;
    private static final int SOAKED = 3000;
    private static final int SOAK = 1000;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void what_was_acknowledged_outlives_every_power_cut() {
        LongStream.rangeClosed(1, SEEDS).forEach(seed -> run(seed, SimulatedDisk.Lie.NONE));
    }

    @Tag("soak")
    @Test
    void what_was_acknowledged_outlives_thousands_of_power_cuts() {
        LongStream.rangeClosed(SOAK, SOAK + SOAKED).forEach(seed -> run(seed, SimulatedDisk.Lie.NONE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_disk_that_breaks_its_promises_would_be_noticed(SimulatedDisk.Lie lie) {
        assertThatThrownBy(() -> LongStream.rangeClosed(1, 400).forEach(seed -> run(seed, lie)))
                .isInstanceOf(AssertionError.class);
    }

    private void run(long seed, SimulatedDisk.Lie lie) {
        var random = new Random(seed);
        var work = new PowerWorkload(random, clock);
        var home = new SimulatedHome(folder, SimulatedHome.SMALL, new SimulatedDisk(random, lie));
        for (var cut = 0; cut < CUTS; cut++) {
            try {
                workUntilCut(home, work, random);
                home.cut();
                while (random.nextInt(3) == 0) {
                    cutAtStart(home, random);
                }
                check(home, work);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", cut " + cut, e);
            }
        }
    }

    private void workUntilCut(SimulatedHome home, PowerWorkload work, Random random) {
        var closing = random.nextInt(3) == 0;
        home.disk().cutAfter(1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 400));
        try {
            var store = home.open(clock);
            try {
                work.on(store);
                work.enrol();
                work.subscribeAll();
                for (var left = closing ? random.nextInt(FEW_STEPS) : MAX_STEPS; left > 0; left--) {
                    work.step();
                }
            } finally {
                home.disk().cutAfter(closing ? random.nextInt(12) : 0);
                store.close();
            }
        } catch (SimulatedDisk.PowerCut _) {
            // expected
        }
    }

    /// Cuts the power again while the store is being opened or closed.
    private void cutAtStart(SimulatedHome home, Random random) {
        home.disk().cutAfter(1 + random.nextInt(12));
        try {
            home.open(clock).close();
        } catch (SimulatedDisk.PowerCut _) {
            // expected
        }
        home.cut();
    }

    private void check(SimulatedHome home, PowerWorkload work) {
        try (var store = home.open(clock)) {
            work.on(store);
            var items = checkEvents(store, work);
            checkMailboxes(store, work);
            work.check(items);
            work.see();
        }
    }

    private static Set<String> checkEvents(EmbeddedStore store, PowerWorkload work) {
        var events = store.journal().read(JournalPosition.START, Integer.MAX_VALUE);
        var oldest = store.journal().oldest().value();
        assertThat(oldest).isBetween(work.pruned, work.prunable);
        work.promised.keySet().removeIf(position -> position <= oldest);
        var found = events.stream()
                .collect(Collectors.toMap(
                        event -> event.position().value(), event -> event.id() + " " + event.sequence()));
        assertThat(found).containsAllEntriesOf(work.promised);
        var sequences = new HashMap<EventSource, Long>();
        var items = new HashSet<String>();
        var last = oldest;
        for (var event : events) {
            assertThat(event.position().value()).isEqualTo(last + 1);
            last = event.position().value();
            var before = sequences.put(event.source(), event.sequence());
            assertThat(before == null || event.sequence() == before + 1).isTrue();
            if (event.data() instanceof EventData.Change change) {
                assertThat(work.sent).contains(change.target().id());
                assertThat(items.add(change.target().id())).isTrue();
            }
        }
        assertThat(store.journal().end().value()).isEqualTo(last).isGreaterThanOrEqualTo(work.readUpTo);
        return items;
    }

    private static void checkMailboxes(EmbeddedStore store, PowerWorkload work) {
        for (var box : work.boxes()) {
            var mailbox = store.mailboxes().find(box.id).orElseThrow();
            var mark = mailbox.watermark()
                    .map(taken -> Integer.parseInt(taken.value().value().substring(1)))
                    .orElse(0);
            assertThat(mark).isBetween(box.floor, box.arrived);
            var attempt =
                    mailbox.pending().or(mailbox::live).map(AttemptId::number).orElse(0L);
            assertThat(attempt).isBetween(box.attempts, box.attempts + 1);
            // an interrupted attempt counts from here on, because the next may be interrupted as well
            box.attempts = attempt;
        }
    }
}
