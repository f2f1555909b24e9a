package dev.tidemark.daemon.admin.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MailboxFailureTimesTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private WatermarkStore store;
    private MailboxFailureTimes times;

    @BeforeEach
    void open() {
        var url = "jdbc:h2:file:" + folder.resolve("t");
        store = StoreFactory.open(new StoreConfig(url, "", "", "gw1", true, 0, Duration.ofMinutes(15)), clock);
        times = new MailboxFailureTimes(store.journal(), clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private MailboxId enrol(String name) {
        return store.mailboxes()
                .enrol(new MailboxAddress(name + "@example.com"), new GroupMembership("inboxes", false))
                .id();
    }

    private Instant fail(MailboxId mailbox) {
        clock.advance(Duration.ofMinutes(1));
        store.subscriptions().fail(mailbox, "ErrorAccessDenied", "No.");
        return clock.instant();
    }

    private void subscribe(MailboxId mailbox) {
        var attempt = store.subscriptions().begin(mailbox, SubscribeReason.ERROR, "print", Optional.empty());
        var result = new SubscribeResult(new SubscriptionId("s1"), Optional.of(new Watermark("w1")));
        store.subscriptions().confirm(attempt, result, Optional.empty());
    }

    @Test
    void a_failure_whose_event_retention_removed_has_no_time() {
        var ada = enrol("ada");
        var bob = enrol("bob");
        fail(ada);
        var pruned = store.journal().end();
        fail(bob);
        store.journal().prune(clock.instant(), pruned, 100);
        assertThat(times.earliest(List.of(ada, bob))).isEmpty();
        assertThat(times.earliest(List.of(bob))).contains(clock.instant());
    }

    @Test
    void the_first_of_the_failures_counts_also_after_a_restart() {
        var ada = enrol("ada");
        var bob = enrol("bob");
        var adasFailure = fail(ada);
        var bobsFailure = fail(bob);
        // the retry fails, too
        fail(ada);
        assertThat(times.earliest(List.of(bob, ada))).contains(adasFailure);
        assertThat(times.earliest(List.of(bob))).contains(bobsFailure);
        close();
        clock.advance(Duration.ofHours(1));
        open();
        assertThat(times.earliest(List.of(bob, ada))).contains(adasFailure);
    }

    @Test
    void a_mailbox_that_fails_again_has_failed_since_then() {
        var ada = enrol("ada");
        var first = fail(ada);
        assertThat(times.earliest(List.of(ada))).contains(first);
        subscribe(ada);
        assertThat(times.earliest(List.of())).isEmpty();
        var second = fail(ada);
        assertThat(times.earliest(List.of(ada))).contains(second);
    }

    @Test
    void a_second_failure_between_two_calls_is_found_within_ten_minutes() {
        var ada = enrol("ada");
        fail(ada);
        assertThat(times.earliest(List.of(ada))).isPresent();
        subscribe(ada);
        var second = fail(ada);
        clock.advance(Duration.ofMinutes(10));
        assertThat(times.earliest(List.of(ada))).contains(second);
    }

    @Test
    void many_failures_are_read_in_several_calls() {
        var all = IntStream.range(0, MailboxFailureTimes.MAX_READS + 1)
                .mapToObj(number -> enrol("m" + number))
                .toList();
        var first = fail(all.getFirst());
        all.subList(1, all.size()).forEach(mailbox -> store.subscriptions().fail(mailbox, "ErrorAccessDenied", "No."));
        assertThat(times.earliest(all)).isEmpty();
        assertThat(times.earliest(all)).contains(first);
    }
}
