package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.model.JournalEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process repeatedly while it delivers, and restarts it with the same store.
@Timeout(1200)
final class DeliveryKillTest {
    private static final Pattern ID = Pattern.compile("\"id\":\"(evt_[^\"]+)\"");
    private static final int BATCH = 10;
    private static final Duration LONG = Duration.ofMinutes(3);

    /// Positions are saved every 400 ms, and nothing is sent before a due save. A stalling disk or machine can
    /// still make the last deliveries older than any limit. So the test counts a second of arrivals without
    /// stalls, and lets a fifth of the kills repeat more.
    private static final Duration RECENT = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final RecordingReceiver receiver = new RecordingReceiver();
    private final Set<String> earlier = new HashSet<>();
    private final Random random = new Random(20261122);

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void killed_at_any_moment_it_loses_nothing_and_repeats_little() throws Exception {
        kill(10);
    }

    @Test
    @Tag("soak")
    void so_it_is_after_a_hundred_kills() throws Exception {
        kill(100);
    }

    private void kill(int times) throws Exception {
        var allowed = 0L;
        var exceeded = new ArrayList<String>();
        var began = 0;
        for (var i = 0; i < times; i++) {
            var batch = i % 2 == 0 ? 1 : BATCH;
            var before = receiver.count();
            var process = spawn(batch);
            try {
                await().atMost(LONG).until(() -> receiver.count() > before || !process.isAlive());
                // any time from the first request on
                process.waitFor(random.nextInt(1500), TimeUnit.MILLISECONDS);
                assertThat(process.isAlive()).isTrue();
            } finally {
                process.destroyForcibly().waitFor();
            }
            // a short run may save nothing of what the previous one left
            allowed = mayBeRepeated(before) + (receiver.lasted(began, before).compareTo(RECENT) < 0 ? allowed : 0);
            var repeated = repeated(before);
            if (repeated > allowed) {
                exceeded.add(repeated + " of " + allowed);
            }
            began = before;
        }
        assertThat(exceeded).hasSizeLessThanOrEqualTo(times / 5);
        try (var store = KilledForwarder.open(folder.resolve("store").toString());
                var forwarder = KilledForwarder.start(store, receiver.url(), BATCH)) {
            var events = new ArrayList<JournalEvent>();
            var page = store.journal().read(store.journal().oldest(), 1000);
            while (!page.isEmpty()) {
                events.addAll(page);
                page = store.journal().read(page.getLast().position(), 1000);
            }
            await().atMost(LONG).until(() -> forwarder.sinks().getFirst().backlog() == 0);
            var ids = events.stream().map(event -> event.id().value()).toList();
            var delivered = received(0, receiver.count());
            // not containsAll, which compares all pairs
            var missing = new LinkedHashSet<>(ids);
            missing.removeAll(new HashSet<>(delivered));
            assertThat(missing).isEmpty();
            assertOrderPerMailbox(events, delivered);
        }
    }

    /// Requests in flight and the latest deliveries.
    private long mayBeRepeated(int from) {
        var recent = receiver.last(RECENT, from).stream()
                .mapToInt(call -> idsOf(call).size())
                .sum();
        return (long) recent + KilledForwarder.CONCURRENCY * BATCH;
    }

    private long repeated(int from) {
        var now = received(from, receiver.count());
        var repeated = now.stream().filter(earlier::contains).distinct().count();
        earlier.addAll(now);
        return repeated;
    }

    /// Checks that the first arrival of an event follows the earlier events of its mailbox.
    private static void assertOrderPerMailbox(List<JournalEvent> events, List<String> delivered) {
        var places = new HashMap<String, Integer>();
        for (var i = 0; i < delivered.size(); i++) {
            places.putIfAbsent(delivered.get(i), i);
        }
        var last = new HashMap<Object, Integer>();
        for (var event : events) {
            var place = places.getOrDefault(event.id().value(), -1);
            assertThat(place).isGreaterThan(last.getOrDefault(event.source(), -1));
            last.put(event.source(), place);
        }
    }

    private List<String> received(int from, int to) {
        return receiver.calls(from, to).stream()
                .flatMap(call -> idsOf(call).stream())
                .toList();
    }

    private static List<String> idsOf(RecordingReceiver.Call call) {
        return ID.matcher(call.body()).results().map(match -> match.group(1)).toList();
    }

    private Process spawn(int batch) throws IOException {
        var command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledForwarder.class.getName(),
                folder.resolve("store").toString(),
                receiver.url().toString(),
                Integer.toString(batch),
                "100000");
        command.redirectErrorStream(true);
        command.redirectOutput(folder.resolve("out.txt").toFile());
        return command.start();
    }
}
