package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that records callbacks, repeatedly and at any point. A test of an engine extends it.
public abstract class KillContract {
    private static final int SOAKED = 100;
    private static final int MAILBOXES = 5;

    @TempDir
    Path folder;

    /// Returns the class whose public constructor takes the name of a store, for the process to be killed.
    protected abstract Class<? extends StoreHome> home();

    /// Returns the name of the store that all processes use.
    protected abstract String newStore(Path folder);

    /// Returns the number of kills of the short test.
    protected abstract int kills();

    @Test
    void whatever_was_acknowledged_is_there_after_a_kill() throws Exception {
        killAgainAndAgain(kills());
    }

    @Tag("soak")
    @Test
    void whatever_was_acknowledged_is_there_after_a_hundred_kills() throws Exception {
        killAgainAndAgain(SOAKED);
    }

    private void killAgainAndAgain(int kills) throws Exception {
        var acknowledged = new ArrayList<String>();
        var random = new Random(7);
        var name = newStore(folder);
        for (var kill = 0; kill < kills; kill++) {
            var output = folder.resolve("output" + kill);
            var child = ChildJvm.start(output, Recorder.class, home().getName(), name, "run" + kill);
            var enough = 30 + random.nextInt(400);
            try {
                awaitAcknowledged(enough, output, child);
            } finally {
                // it would record forever
                child.destroyForcibly();
            }
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            acknowledged.addAll(acknowledged(output));
        }
        assertThat(acknowledged).hasSizeGreaterThan(kills * 30);
        check(acknowledged, name);
    }

    /// Waits as long as the child makes progress, because a busy machine may starve it.
    private static void awaitAcknowledged(int enough, Path output, Process child) throws IOException {
        for (var seen = 0; seen < enough; seen = acknowledged(output).size()) {
            var before = seen;
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> acknowledged(output).size() > before || !child.isAlive());
            assertThat(child.isAlive())
                    .as("the child runs after %d of %d items", before, enough)
                    .isTrue();
        }
    }

    /// Returns the items that the child printed after record() had returned; the last line may be torn.
    private static List<String> acknowledged(Path output) throws IOException {
        return Files.readString(output)
                .lines()
                .filter(line -> line.endsWith(";"))
                .map(line -> line.substring(0, line.length() - 1))
                .toList();
    }

    private void check(List<String> acknowledged, String name) throws Exception {
        try (var store = open(home().getName(), name)) {
            assertThat(store.instance().stoppedCleanly()).isFalse();
            var events = store.journal().read(JournalPosition.START, Integer.MAX_VALUE);
            var found = new HashSet<>(items(events)); // comparing the lists would take hours after a hundred kills
            assertThat(acknowledged.stream().filter(item -> !found.contains(item)))
                    .isEmpty();
            assertThat(found).hasSameSizeAs(items(events));
            for (var mailbox : store.mailboxes().all()) {
                var sequences = events.stream()
                        .filter(event -> event.source().equals(new EventSource.OfMailbox(mailbox.id())))
                        .map(JournalEvent::sequence)
                        .toList();
                assertThat(sequences).first().isEqualTo(1L);
                assertThat(sequences).last().isEqualTo((long) sequences.size());
                assertThat(sequences).isSorted().doesNotHaveDuplicates();
            }
        }
    }

    private static List<String> items(List<JournalEvent> events) {
        return events.stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).target().id())
                .toList();
    }

    private static WatermarkStore open(String home, String name) throws ReflectiveOperationException {
        var places = Class.forName(home).getConstructor(String.class);
        return ((StoreHome) places.newInstance(name)).open(Clock.systemUTC());
    }

    /// Records batches forever, and prints the items of each once record() has returned.
    public static final class Recorder {
        private final List<AttemptId> attempts = new ArrayList<>();
        private final String run;
        private int next;

        private Recorder(WatermarkStore store, String run) {
            this.run = run;
            for (var i = 0; i < MAILBOXES; i++) {
                var box = store.mailboxes()
                        .enrol(new MailboxAddress("box" + i + "@example.com"), new GroupMembership("inboxes", false));
                var from = box.watermark().map(StoredWatermark::value);
                var attempt = store.subscriptions().begin(box.id(), SubscribeReason.SILENCE, "print", from);
                var response = new SubscribeResult(
                        ExchangeNotifications.subscription(run), Optional.of(ExchangeNotifications.mark(run + "-0")));
                store.subscriptions().confirm(attempt, response, Optional.empty());
                attempts.add(attempt);
            }
        }

        public static void main(String[] arguments) throws ReflectiveOperationException {
            try (var store = open(arguments[0], arguments[1])) {
                var recorder = new Recorder(store, arguments[2]);
                while (!System.out.checkError()) {
                    recorder.recordOne(store, System.out);
                }
            }
        }

        private void recordOne(WatermarkStore store, PrintStream out) {
            var items = new ArrayList<String>();
            var batch = new ArrayList<VerifiedCallback>();
            for (var i = 0; i < 1 + next % 7; i++) {
                items.add(run + "-item-" + next);
                batch.add(callback(next++));
            }
            store.intake().record(batch);
            items.forEach(item -> out.println(item + ";"));
        }

        private VerifiedCallback callback(int number) {
            var round = number / MAILBOXES;
            var now = Clock.systemUTC().instant();
            var event = ExchangeNotifications.change(
                    ChangeKind.CREATED, run + "-item-" + number, run + "-" + (round + 1), now);
            var message = ExchangeNotifications.notification(run, run + "-" + round, event);
            return new VerifiedCallback(attempts.get(number % MAILBOXES), ExchangeNotifications.body(message), now, "");
        }
    }
}
