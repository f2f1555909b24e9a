package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForgettingRouteTest {
    private static final SubscriberConfig NO_GROUPS =
            new SubscriberConfig(List.of(), Map.of(), Duration.ofDays(30), Duration.ofMinutes(15), Duration.ofDays(7));

    @TempDir
    private Path folder;

    /// Lock that records whether the mailbox is in the list when the lock is acquired, and before it is released.
    private static final class ListLock extends ReentrantLock {
        private static final long serialVersionUID = 1L;

        private final transient List<Boolean> listed = new ArrayList<>();
        private transient BooleanSupplier isListed = () -> true;

        @Override
        public void lock() {
            super.lock();
            listed.add(isListed.getAsBoolean());
        }

        @Override
        public void unlock() {
            listed.add(isListed.getAsBoolean());
            super.unlock();
        }
    }

    @Test
    void a_mailbox_leaves_the_list_under_the_lock_and_its_rows_are_removed_without_it() throws Exception {
        var writing = new ListLock();
        var lockedAtTheEnd = new ArrayList<Boolean>();

        var reply = forget(writing, removed -> lockedAtTheEnd.add(writing.isLocked()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(writing.listed)
                .as("listed at the start and at the end of the lock")
                .containsExactly(true, false);
        assertThat(lockedAtTheEnd).containsExactly(false);
    }

    @Test
    void a_store_that_fails_during_the_erasure_need_not_be_asked_again() throws Exception {
        var reply = forget(new ListLock(), removed -> {
            throw new StoreException("PostgreSQL cannot be reached.");
        });

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains("the mailbox is forgotten", "do not repeat the request");
    }

    /// Has a paused mailbox forgotten; asserts that it is.
    private AdminReply forget(ListLock writing, Consumer<Map<SinkName, Long>> onErased) throws Exception {
        var file = Files.writeString(folder.resolve("t.yaml"), TestDaemonConfig.TEXT);
        var config = TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
        var clock = Clock.systemUTC();
        try (var store = StoreFactory.open(config.store(), clock);
                var subscriber = new MailboxSubscriber(
                        NO_GROUPS, Map.of(), store, (attempt, group) -> URI.create("http://localhost/"), clock);
                var compensator = Compensator.start(config.compensator(), subscriber, store, clock)) {
            var ada = store.mailboxes()
                    .enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false))
                    .id();
            store.mailboxes().pause(ada);
            writing.isListed = () -> store.mailboxes().find(ada).isPresent();
            var router = new AdminRouter();
            new MailboxRoutes(store, compensator, subscriber, clock, writing, onErased).addTo(router);
            var request = new AdminRequest(
                    "DELETE",
                    "/api/v1/mailboxes/" + ada,
                    Map.of("forget", "true"),
                    Map.of(),
                    Optional.of("localhost"),
                    Optional.empty());
            var reply = router.handle(request);
            assertThat(store.mailboxes().find(ada)).isEmpty();
            return reply;
        }
    }
}
