package dev.tidemark.store.embedded;

import static dev.tidemark.contract.ExchangeNotifications.body;
import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.ChildJvm;
import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.InstanceRecord;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks the properties of a store that is a file.
final class EmbeddedFileTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private EmbeddedHome home;
    private int mails;

    @BeforeEach
    void begin() {
        home = new EmbeddedHome(folder);
    }

    private static AttemptId subscribe(WatermarkStore store) {
        var ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false));
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        return attempt;
    }

    private IntakeOutcome push(WatermarkStore store, AttemptId attempt) {
        var number = mails + 1;
        var message = notification("s1", "w" + mails, mail("m" + number, "w" + number, clock.instant()));
        var outcome = store.intake()
                .record(List.of(new VerifiedCallback(attempt, body(message), clock.instant(), "")))
                .getFirst();
        mails = number;
        return outcome;
    }

    @Test
    void no_other_user_reads_the_token_key_or_the_index() throws IOException {
        try (var store = home.open(clock)) {
            subscribe(store);
            try (var files = Files.list(folder)) {
                assertThat(files)
                        .isNotEmpty()
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .endsWith("------"));
            }
        }
    }

    @Test
    void distinguishes_a_new_store_from_a_stopped_and_a_killed_one() {
        var newer = home.open(clock);
        assertThat(past(newer)).isEqualTo("new");
        newer.close();
        var stopped = home.open(clock);
        assertThat(past(stopped)).isEqualTo("stopped cleanly before");
        home.cut(stopped);
        try (var killed = home.open(clock)) {
            assertThat(past(killed)).isEqualTo("not stopped cleanly before");
        }
    }

    private static String past(WatermarkStore store) {
        return ((EmbeddedStore) store).previousStop();
    }

    @Test
    void another_process_gets_an_error_that_the_store_is_in_use() throws Exception {
        try (var store = home.open(clock)) {
            assertThat(store.intake().accepting()).isTrue();
            var output = folder.resolve("output");
            var child = ChildJvm.start(output, Opener.class, home.url());
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(output)
                    .content()
                    .contains("The store in " + home.log("store0") + " is in use by another process");
        }
    }

    /// Prints the result of opening a store.
    static final class Opener {
        public static void main(String[] arguments) {
            var config = new StoreConfig(arguments[0], "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
            try (var store = StoreFactory.open(config, new SettableClock())) {
                System.out.println("opened " + store.instance().name());
            } catch (StoreException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void the_instance_keeps_its_first_name() {
        home.open(clock).close();
        assertThatThrownBy(() -> StoreFactory.open(home.config("gw2", true, 0), clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("'gw1'")
                .hasMessageContaining("'gw2'");
        try (var store = StoreFactory.open(home.config("some-host", false, 0), clock)) {
            assertThat(store.instance().name()).isEqualTo("gw1");
        }
    }

    @Test
    void the_token_key_is_made_once() {
        InstanceRecord first;
        try (var store = home.open(clock)) {
            first = store.instance();
            assertThat(first.stoppedCleanly()).isTrue();
            assertThat(Base64.getDecoder().decode(first.tokenKey())).hasSize(32);
            assertThat(first.toString()).doesNotContain(first.tokenKey());
        }
        try (var store = home.open(clock)) {
            assertThat(store.instance()).isEqualTo(first);
        }
    }

    @Test
    void other_databases_are_refused_in_a_sentence() {
        for (var url : List.of("jdbc:postgresql://localhost/tidemark", "jdbc:mysql://localhost/tidemark")) {
            var config = new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
            assertThatThrownBy(() -> StoreFactory.open(config, clock))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("which is no store in files");
        }
    }

    @Test
    void accepts_nothing_while_the_disk_has_too_little_free_space() {
        home.open(clock).close();
        try (var store = StoreFactory.open(home.config("gw1", true, Long.MAX_VALUE), clock)) {
            assertThat(store.intake().accepting()).isFalse();
            assertThatThrownBy(() -> store.intake().record(List.of()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("store.min-free");
        }
    }

    @Test
    void an_interrupted_thread_does_not_hurt_the_file() {
        try (var store = home.open(clock)) {
            var attempt = subscribe(store);
            for (var i = 0; i < 20; i++) {
                Thread.currentThread().interrupt();
                assertThat(push(store, attempt)).isEqualTo(new IntakeOutcome.Stored(1, 0));
                assertThat(store.journal().read(JournalPosition.START, 100)).hasSize(i + 2);
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @Test
    void a_closed_store_says_so() {
        var store = home.open(clock);
        store.close();
        store.close();
        assertThatThrownBy(() -> subscribe(store)).hasMessageContaining("closed");
    }

    @Test
    void heartbeats_reach_the_disk_within_five_seconds() {
        WatermarkStore store = home.open(clock);
        var attempt = subscribe(store);
        var message = notification("s1", "w0", ExchangeNotifications.status("w9"));
        store.intake().record(List.of(new VerifiedCallback(attempt, body(message), clock.instant(), "")));
        // checks the configured interval, because the actual one depends on the machine's load
        var often = EmbeddedStore.Dependencies.defaults(new FolderNameCache(), UnaryOperator.identity(), clock)
                .foldEvery();
        assertThat(often).isLessThan(Duration.ofSeconds(5));
        await().pollDelay(often)
                .untilAsserted(() -> assertThat(watermarkOnDisk()).isEqualTo("w9"));
        store.close();
    }

    private String watermarkOnDisk() throws IOException {
        var copy = folder.resolve("copy" + mails++);
        home.copy("store0", copy.getFileName().toString());
        var config = new StoreConfig("jdbc:h2:file:" + copy, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        try (var store = StoreFactory.open(config, clock)) {
            return store.mailboxes()
                    .all()
                    .iterator()
                    .next()
                    .watermark()
                    .orElseThrow()
                    .value()
                    .value();
        }
    }
}
