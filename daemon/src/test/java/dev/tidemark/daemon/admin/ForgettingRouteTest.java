package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForgettingRouteTest {
    private static final SubscriberConfig NO_GROUPS =
            new SubscriberConfig(List.of(), Map.of(), Duration.ofDays(30), Duration.ofMinutes(15), Duration.ofDays(7));

    @TempDir
    private Path folder;

    @Test
    void a_mailbox_leaves_the_list_under_its_lock_and_its_rows_are_removed_without_it() throws Exception {
        var file = Files.writeString(folder.resolve("t.yaml"), TestDaemonConfig.TEXT);
        var config = TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
        var clock = Clock.systemUTC();
        var writing = new ReentrantLock();
        var lockedAtTheEnd = new ArrayList<Boolean>();
        try (var store = StoreFactory.open(config.store(), clock);
                var subscriber = new MailboxSubscriber(
                        NO_GROUPS, Map.of(), store, (attempt, group) -> URI.create("http://localhost/"), clock);
                var compensator = Compensator.start(config.compensator(), subscriber, store, clock)) {
            var ada = store.mailboxes()
                    .enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false))
                    .id();
            store.mailboxes().pause(ada);
            var router = new AdminRouter();
            new MailboxRoutes(
                            store,
                            compensator,
                            subscriber,
                            clock,
                            writing,
                            removed -> lockedAtTheEnd.add(writing.isLocked()))
                    .addTo(router);
            var request = new AdminRequest(
                    "DELETE",
                    "/api/v1/mailboxes/" + ada,
                    Map.of("forget", "true"),
                    Map.of(),
                    Optional.of("localhost"),
                    Optional.empty());
            assertThat(router.handle(request).status()).isEqualTo(200);
            assertThat(store.mailboxes().find(ada)).isEmpty();
        }
        assertThat(lockedAtTheEnd).containsExactly(false);
    }
}
