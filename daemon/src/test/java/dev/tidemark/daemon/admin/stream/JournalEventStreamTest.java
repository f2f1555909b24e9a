package dev.tidemark.daemon.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.Journal;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests a stream on a real journal. The client of a test stops the daemon when it has read enough.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class JournalEventStreamTest {
    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final List<String> received = new ArrayList<>();
    private boolean isStopping;

    @SuppressWarnings("NullAway.Init")
    private WatermarkStore store;

    @BeforeEach
    void open() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "", "", "gw1", true, 1 << 20, Duration.ofMinutes(15));
        store = StoreFactory.open(config, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void append(String... types) {
        for (var type : types) {
            store.journal().appendInstanceEvent(type, Map.of());
        }
    }

    private JournalEventStream stream(Journal journal, Predicate<JournalEvent> filter, long after) {
        var sources = new JournalEventStream.Sources(
                journal, JournalEvent::type, position -> "p" + position.value(), () -> isStopping, clock);
        return new JournalEventStream(sources, filter, new JournalPosition(after));
    }

    /// Reads until the text contains `last`, then stops the daemon.
    private String readUntil(JournalEventStream stream, String last) throws IOException, InterruptedException {
        stream.writeTo(text -> {
            received.add(text);
            isStopping = String.join("", received).contains(last);
        });
        return String.join("", received);
    }

    @Test
    void sends_events_with_their_positions_oldest_first() throws IOException, InterruptedException {
        append("a", "b", "c");

        assertThat(readUntil(stream(store.journal(), event -> true, 0), "data: c"))
                .isEqualTo(":\n\nid: p1\ndata: a\n\nid: p2\ndata: b\n\nid: p3\ndata: c\n\n");
    }

    @Test
    void resumes_behind_a_position() throws IOException, InterruptedException {
        append("a", "b", "c");

        assertThat(readUntil(stream(store.journal(), event -> true, 2), "data: c"))
                .doesNotContain("data: a", "data: b");
    }

    @Test
    void sends_what_arrives_while_it_waits() throws IOException, InterruptedException {
        append("a");
        var stream = stream(store.journal(), event -> true, 0);

        stream.writeTo(text -> {
            received.add(text);
            if (text.contains("data: a")) {
                Thread.ofVirtual().start(() -> append("b"));
            }
            isStopping = text.contains("data: b");
        });

        assertThat(received).last().asString().contains("data: b");
    }

    @Test
    void keeps_the_connection_open_by_comments_while_nothing_matches() throws IOException, InterruptedException {
        Predicate<JournalEvent> nothing = event -> {
            clock.advance(Duration.ofSeconds(15));
            return false;
        };

        stream(store.journal(), nothing, 0).writeTo(text -> {
            received.add(text);
            append("ignored");
            isStopping = received.size() == 3;
        });

        assertThat(received).containsExactly(":\n\n", ":\n\n", ":\n\n");
    }

    @Test
    void reports_a_position_that_retention_has_overtaken_and_goes_on_from_the_oldest()
            throws IOException, InterruptedException {
        append("a", "b", "c");
        var pruned = new PrunedJournal(store.journal(), new JournalPosition(2));

        assertThat(readUntil(stream(pruned, event -> true, 1), "data: c"))
                .isEqualTo(":\n\nevent: expired\nid: p2\ndata: {\"oldest\":\"p2\"}\n\nid: p3\ndata: c\n\n");
    }

    @Test
    void breaks_no_line_of_an_event() throws IOException, InterruptedException {
        append("a");
        var sources = new JournalEventStream.Sources(
                store.journal(), event -> "one\r\ntwo\nid: x", position -> "p", () -> isStopping, clock);

        assertThat(readUntil(new JournalEventStream(sources, event -> true, JournalPosition.START), "id: x"))
                .contains("data: one\ndata: two\ndata: id: x\n\n");
    }

    @Test
    void ends_when_the_client_is_gone() {
        append("a");
        var stream = stream(store.journal(), event -> true, 0);

        assertThatThrownBy(() -> stream.writeTo(text -> {
                    throw new IOException("connection reset");
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void writes_a_large_journal_in_small_portions() throws IOException, InterruptedException {
        for (var i = 0; i < 200; i++) {
            append("type" + i);
        }
        var sources = new JournalEventStream.Sources(
                store.journal(), event -> "x".repeat(4000) + event.type(), p -> "p", () -> isStopping, clock);

        readUntil(new JournalEventStream(sources, event -> true, JournalPosition.START), "type199");

        assertThat(received).allMatch(text -> text.length() < 32 * 1024);
    }

    /// Journal whose events up to a position are removed.
    private record PrunedJournal(Journal whole, JournalPosition oldest) implements Journal {
        @Override
        public List<JournalEvent> read(JournalPosition after, int limit) {
            return whole.read(after.compareTo(oldest) < 0 ? oldest : after, limit);
        }

        @Override
        public Optional<JournalEvent> find(JournalPosition position) {
            return whole.find(position);
        }

        @Override
        public List<JournalEvent> newest(MailboxId mailbox, Predicate<JournalEvent> wanted, int limit, int entries) {
            return whole.newest(mailbox, wanted, limit, entries);
        }

        @Override
        public JournalPosition end() {
            return whole.end();
        }

        @Override
        public boolean awaitBeyond(JournalPosition after, Duration timeout) throws InterruptedException {
            return whole.awaitBeyond(after, timeout);
        }

        @Override
        public void appendInstanceEvent(String type, Map<String, Object> fields) {
            whole.appendInstanceEvent(type, fields);
        }

        @Override
        public void appendMailboxEvent(MailboxId mailbox, String type, Map<String, Object> fields) {
            whole.appendMailboxEvent(mailbox, type, fields);
        }

        @Override
        public int prune(Instant time, JournalPosition delivered, int limit) {
            return whole.prune(time, delivered, limit);
        }
    }
}
