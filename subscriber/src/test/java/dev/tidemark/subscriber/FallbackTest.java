package dev.tidemark.subscriber;

import static dev.tidemark.subscriber.SubscriberTestBed.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes from push to polls and back, on a real store.
class FallbackTest {
    @TempDir
    private Path folder;

    private SubscriberTestBed testBed;
    private FakeExchange exchange;
    private FakeFolder inbox;
    private MailboxId ada;

    @BeforeEach
    void subscribed_with_a_past() {
        testBed = SubscriberTestBed.withSubscribedMailbox(folder);
        exchange = testBed.exchange;
        inbox = exchange.folder(ADA);
        ada = testBed.idOf(ADA);
    }

    @AfterEach
    void close() {
        testBed.close();
    }

    private void giveUp() {
        var next = new PendingCompensation(SubscribeReason.SILENCE, testBed.clock.instant(), false, "silence");
        testBed.store.subscriptions().recordLoss(ada, "silence", next);
        testBed.store.fallbacks().degrade(ada, "poll");
    }

    private PollResult poll() {
        return testBed.subscriber.poll(ada);
    }

    private SubscriptionOutcome probe() {
        return testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
    }

    private boolean degraded() {
        return testBed.mailbox(ada).degraded().isPresent();
    }

    @Test
    void the_first_poll_starts_from_zero_and_announces_only_missed_events() {
        inbox.receive("pushed");
        exchange.callBack(testBed.store);
        exchange.forgetSubscriptions();
        testBed.clock.advance(Duration.ofHours(1));
        inbox.receive("missed");
        giveUp();

        assertThat(poll().found()).isEqualTo(new RecoveredPage.RecoveryCounts(1, 0, 0, 1));

        assertThat(testBed.messages()).containsExactly("message.received pushed", "message.received missed");
        assertThat(testBed.store
                        .journal()
                        .read(JournalPosition.START, 100)
                        .getLast()
                        .origin())
                .contains(EventOrigin.POLL);
        assertThat(testBed.journal()).doesNotContain("mailbox.resync.completed");
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Degraded());
    }

    @Test
    void later_polls_go_on_from_where_the_last_one_ended_even_after_a_restart() {
        giveUp();
        poll();
        testBed.restart();
        testBed.clock.advance(Duration.ofMinutes(5));
        inbox.receive("new");

        var polled = poll();

        assertThat(polled.found()).isEqualTo(new RecoveredPage.RecoveryCounts(1, 0, 0, 0));
        assertThat(polled.requests()).isOne();
        assertThat(exchange.requests(EwsRequest.SyncFolderItems.class).getLast().state())
                .isPresent();
    }

    @Test
    void a_mailbox_whose_push_works_is_not_polled() {
        assertThat(poll().interruption()).contains(new SubscriptionOutcome.Skipped("its push works"));
        assertThat(exchange.requests(EwsRequest.SyncFolderItems.class)).isEmpty();
    }

    @Test
    void a_probe_subscribes_without_the_watermark_and_leaves_the_polls_to_go_on() {
        giveUp();
        poll();

        assertThat(probe()).isEqualTo(new SubscriptionOutcome.Subscribed());

        assertThat(exchange.requests(EwsRequest.SubscribePush.class).getLast().watermark())
                .isEmpty();
        assertThat(degraded()).isTrue();
        assertThat(testBed.journal()).doesNotContain("mailbox.resync.completed");
    }

    @Test
    void a_refused_sync_state_is_replaced_without_repeating_anything() {
        giveUp();
        poll();
        testBed.clock.advance(Duration.ofMinutes(5));
        inbox.receive("first");
        poll();
        testBed.clock.advance(Duration.ofMinutes(5));
        inbox.receive("second");
        inbox.refusesStates = true;
        poll();
        inbox.refusesStates = false;
        poll();
        assertThat(testBed.messages()).containsExactly("message.received first", "message.received second");
    }

    @Test
    void the_first_call_back_ends_it_and_the_resync_closes_what_is_left() {
        giveUp();
        poll();
        testBed.clock.advance(Duration.ofMinutes(5));
        inbox.receive("before the probe");
        probe();
        inbox.receive("after the probe");
        exchange.callBack(testBed.store);
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Resyncing());

        testBed.subscriber.resync(ada, SubscribeReason.ERROR);

        assertThat(testBed.messages())
                .containsExactlyInAnyOrder("message.received before the probe", "message.received after the probe");
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
        assertThat(testBed.journal()).contains("mailbox.push.restored", "mailbox.resync.completed");
    }

    /// Checks that every mail is announced exactly once in random histories.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothing_is_lost_or_doubled_at_either_change(int seed) {
        var run = new Run(new Random(seed));
        for (var step = 0; step < 80; step++) {
            run.step();
        }
        run.heal();

        var received = testBed.messages();
        assertThat(received).doesNotHaveDuplicates().doesNotContain("message.received ancient");
        assertThat(received)
                .containsAll(run.kept.stream()
                        .map(item -> "message.received " + item)
                        .toList());
        assertThat(testBed.journal())
                .filteredOn(line -> line.startsWith("item.deleted"))
                .doesNotHaveDuplicates();
        assertThat(run.falls).isPositive();
        assertThat(testBed.journal())
                .filteredOn("mailbox.push.restored"::equals)
                .hasSize(run.falls);
    }

    private final class Run {
        private final Random random;
        private final TreeSet<String> kept = new TreeSet<>();
        private final List<Runnable> degradedSteps = new ArrayList<>();
        private boolean reachable = true;
        private int items;
        private int falls;

        Run(Random random) {
            this.random = random;
            degradedSteps.addAll(List.of(FallbackTest.this::poll, FallbackTest.this::poll, FallbackTest.this::probe));
            inbox.pageSize = 1 + random.nextInt(5);
        }

        void step() {
            testBed.clock.advance(Duration.ofSeconds(random.nextInt(1800)));
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> receive();
                case 4 -> delete();
                case 5, 6 -> callBack();
                case 7 -> breakPush();
                case 8 -> reachable = true;
                case 9 -> testBed.restart();
                case 10 -> inbox.refusesStates = random.nextInt(3) == 0;
                default -> recover();
            }
        }

        private void receive() {
            var item = "mail-" + ++items;
            kept.add(item);
            inbox.receive(item);
        }

        private void delete() {
            if (!kept.isEmpty()) {
                inbox.delete(kept.pollFirst());
            }
        }

        /// Calls back with one change or with all.
        private void callBack() {
            if (reachable) {
                exchange.callBackOnce(testBed.store, random.nextBoolean() ? 1 : 1000);
            }
        }

        private void breakPush() {
            reachable = false;
            if (random.nextBoolean()) {
                exchange.forgetSubscriptions();
            }
            if (!degraded()) {
                giveUp();
                falls++;
            }
        }

        private void recover() {
            if (degraded()) {
                degradedSteps.get(random.nextInt(degradedSteps.size())).run();
            } else if (testBed.mailbox(ada).resyncSince().isPresent() && random.nextBoolean()) {
                testBed.subscriber.resync(ada, SubscribeReason.ERROR);
            }
        }

        /// Restores push and completes all pending work.
        void heal() {
            if (falls == 0) {
                breakPush();
            }
            reachable = true;
            inbox.refusesStates = false;
            if (degraded()) {
                probe();
            }
            exchange.callBack(testBed.store);
            if (testBed.mailbox(ada).resyncSince().isPresent()) {
                testBed.subscriber.resync(ada, SubscribeReason.ERROR);
            }
            exchange.callBack(testBed.store);
            assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
        }
    }
}
