package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MembershipSource;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Runs the reconciler on a real store and reads what it logs.
final class MailboxReconcilerTest {
    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private WatermarkStore store;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(MailboxReconciler.class);

    @BeforeEach
    void open() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "", "", "gw1", true, 1 << 20, Duration.ofMinutes(15));
        store = StoreFactory.open(config, Clock.systemUTC());
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        store.close();
    }

    private final ReentrantLock writing = new ReentrantLock();

    private void reconcile(int mailboxes) throws IOException {
        new MailboxReconciler(store.mailboxes(), writing).reconcile(groups(mailboxes));
    }

    private List<GroupConfigSection> groups(int mailboxes) throws IOException {
        var list = IntStream.range(0, mailboxes)
                .mapToObj(i -> "user" + i + "@example.com")
                .collect(Collectors.joining(", ", "[ ", " ]"));
        var text = TestDaemonConfig.TEXT.replaceAll("mailboxes: \\[.*?]", "mailboxes: " + list);
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        return TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET))
                .groups();
    }

    private List<String> lines() {
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void names_a_few_mailboxes() throws IOException {
        reconcile(2);

        assertThat(lines())
                .containsExactly("Enrolled user0@example.com in inboxes", "Enrolled user1@example.com in inboxes");
    }

    @Test
    void counts_many_mailboxes_in_one_line() throws IOException {
        reconcile(1500);

        assertThat(store.mailboxes().all()).hasSize(1500);
        assertThat(lines()).containsExactly("Enrolled 1500 mailboxes in inboxes");
    }

    @Test
    void counts_many_removed_mailboxes_in_one_line() throws IOException {
        reconcile(30);
        log.list.clear();
        reconcile(1);

        assertThat(lines()).containsExactly("Removed 29 mailboxes; the configuration no longer names them");
    }

    @Test
    void a_mailbox_that_an_operator_removes_meanwhile_is_not_enrolled_again() throws Exception {
        var eve = new MailboxAddress("eve@example.com");
        var groups = groups(1);
        store.mailboxes().enrol(eve, new GroupMembership("inboxes", true, MembershipSource.API));
        var reconciling =
                Thread.ofVirtual().unstarted(() -> new MailboxReconciler(store.mailboxes(), writing).reconcile(groups));
        writing.lock();
        try {
            reconciling.start();
            await().until(writing::hasQueuedThreads);
            store.mailboxes()
                    .removeAll(List.of(store.mailboxes().find(eve).orElseThrow().id()));
        } finally {
            writing.unlock();
        }
        reconciling.join();

        assertThat(store.mailboxes().find(eve)).isEmpty();
        assertThat(store.mailboxes().all()).hasSize(1);
    }
}
