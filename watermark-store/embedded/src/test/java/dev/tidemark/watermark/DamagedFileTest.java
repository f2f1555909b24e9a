package dev.tidemark.watermark;

import static dev.tidemark.watermark.Exchange.body;
import static dev.tidemark.watermark.Exchange.mail;
import static dev.tidemark.watermark.Exchange.notification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Subscribed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A file that something else than a power cut has damaged.
final class DamagedFileTest {
    private static final int EVENTS = 150;
    private static final int PARTS = 8;
    private static final ByteBuffer JUNK =
            ByteBuffer.wrap("junk".repeat(ChunkSeal.BLOCK / 4).getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    /// Whether the store was stopped in order before or killed.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void is_opened_or_refused_in_a_sentence(boolean closed) throws IOException {
        var home = new H2Home(folder);
        try (var store = home.open(clock)) {
            fill(store);
            home.copy("store0", "killed");
        }
        var from = closed ? "store0" : "killed";
        var size = Files.size(folder.resolve(from + ".mv.db"));
        var told = new HashSet<String>();
        for (var part = 1; part < PARTS; part++) {
            var at = size * part / PARTS;
            damage(home, from, "cut" + part, file -> file.truncate(at)).ifPresent(told::add);
        }
        assertThat(told).isNotEmpty();
    }

    /// H2 would go back to any older state of which it finds everything, and say nothing.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holds_everything_or_says_so_whichever_block_is_damaged(boolean closed) throws IOException {
        var home = new H2Home(folder);
        try (var store = home.open(clock)) {
            fill(store);
            home.copy("store0", "killed");
        }
        var from = closed ? "store0" : "killed";
        var blocks = Files.size(folder.resolve(from + ".mv.db")) / ChunkSeal.BLOCK;
        var told = new HashSet<String>();
        for (var block = 0L; block < blocks; block++) {
            var at = block * ChunkSeal.BLOCK;
            damage(home, from, "block" + block, file -> file.write(JUNK.duplicate(), at))
                    .ifPresent(told::add);
        }
        assertThat(told).isNotEmpty();
    }

    @Test
    void a_file_that_is_gone_is_not_begun_anew_beside_the_log_of_what_it_held() throws IOException {
        var home = new H2Home(folder);
        try (var store = home.open(clock)) {
            fill(store);
            home.copy("store0", "killed");
        }
        Files.delete(folder.resolve("killed.mv.db"));
        assertThatThrownBy(() -> home.open("killed", clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("put that file back");
    }

    private interface Blow {
        void fall(FileChannel file) throws IOException;
    }

    /// Returns what is told, if it is not opened.
    private Optional<String> damage(H2Home home, String from, String name, Blow blow) throws IOException {
        home.copy(from, name);
        try (var file = FileChannel.open(folder.resolve(name + ".mv.db"), StandardOpenOption.WRITE)) {
            blow.fall(file);
        }
        try {
            try (var store = home.open(name, clock)) {
                // the damaged part was needed by nobody
                assertThat(store.journal().read(Position.START, 1000)).as(name).hasSize(EVENTS + 1);
                assertThat(store.mailboxes().all())
                        .as(name)
                        .singleElement()
                        .satisfies(
                                ada -> assertThat(ada.watermark().orElseThrow().value())
                                        .isEqualTo(Exchange.mark("w" + EVENTS)));
            }
            return Optional.empty();
        } catch (StoreException e) {
            assertThat(e)
                    .message()
                    .as(name)
                    .matches("The store's file (is damaged|ends at|is new).*\\.")
                    .doesNotContain("SQL");
            return Optional.of(e.getMessage());
        }
    }

    private void fill(WatermarkStore store) {
        var ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new Membership("inboxes", false));
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        store.subscriptions()
                .confirm(
                        attempt,
                        new Subscribed(Exchange.subscription("s1"), Optional.of(Exchange.mark("w0"))),
                        Optional.empty());
        for (var number = 1; number <= EVENTS; number++) {
            var message = notification("s1", "w" + (number - 1), mail("m" + number, "w" + number, clock.instant()));
            store.intake().record(List.of(new Callback(attempt, body(message), clock.instant(), "")));
            if (number % 25 == 0) {
                ((H2Store) store).fold();
            }
        }
        assertThat(store.journal().read(Position.START, 1000)).hasSize(EVENTS + 1);
    }
}
