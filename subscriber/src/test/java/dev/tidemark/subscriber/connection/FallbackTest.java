package dev.tidemark.subscriber.connection;

import static dev.tidemark.subscriber.connection.SubscriberTestBed.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.FakeExchange;
import dev.tidemark.subscriber.FakeFolder;
import dev.tidemark.subscriber.resync.PollResult;
import dev.tidemark.values.ChangeKind;
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

/// From push to polls and back, on a real store.
class FallbackTest {
    @TempDir
    private Path folder;

    private SubscriberTestBed world;
    private FakeExchange exchange;
    private FakeFolder inbox;
    private MailboxId ada;

    @BeforeEach
    void subscribed_with_a_past() {
        world = new SubscriberTestBed(folder, ChangeKind.NEW_MAIL, ChangeKind.DELETED);
        exchange = world.exchange;
        inbox = exchange.folder(ADA);
        ada = world.enrol(ADA);
        inbox.receive("ancient");
        world.clock.advance(Duration.ofDays(1));
        world.subscriber.subscribe(ada, SubscribeReason.INITIAL);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void giveUp() {
        var next = new PendingCompensation(SubscribeReason.SILENCE, world.clock.instant(), false, "silence");
        world.store.subscriptions().recordLoss(ada, "silence", next);
        world.store.fallbacks().degrade(ada, "poll");
    }

    private PollResult poll() {
        return world.subscriber.poll(ada);
    }

    private SubscriptionOutcome probe() {
        return world.subscriber.subscribe(ada, SubscribeReason.SILENCE);
    }

    private boolean degraded() {
        return world.mailbox(ada).degraded().isPresent();
    }

    @Test
    void the_first_poll_starts_from_zero_and_announces_only_what_push_has_not_told() {
        inbox.receive("told");
        exchange.callBack(world.store);
        exchange.forgetSubscriptions();
        world.clock.advance(Duration.ofHours(1));
        inbox.receive("missed");
        giveUp();

        assertThat(poll().found()).isEqualTo(new RecoveredPage.RecoveryCounts(1, 0, 0, 1));

        assertThat(world.messages()).containsExactly("message.received told", "message.received missed");
        assertThat(world.store
                        .journal()
                        .read(JournalPosition.START, 100)
                        .getLast()
                        .origin())
                .contains(EventOrigin.POLL);
        assertThat(world.journal()).doesNotContain("mailbox.resync.completed");
        assertThat(world.mailbox(ada).state()).isEqualTo(new MailboxState.Degraded());
    }

    @Test
    void later_polls_go_on_from_where_the_last_one_ended_even_after_a_restart() {
        giveUp();
        poll();
        world.restart();
        world.clock.advance(Duration.ofMinutes(5));
        inbox.receive("new");

        var polled = poll();

        assertThat(polled.found()).isEqualTo(new RecoveredPage.RecoveryCounts(1, 0, 0, 0));
        assertThat(polled.requests()).isOne();
        assertThat(exchange.requests(EwsRequest.SyncFolderItems.class).getLast().state())
                .isPresent();
    }

    @Test
    void a_mailbox_whose_push_works_is_not_polled() {
        assertThat(poll().cut()).contains(new SubscriptionOutcome.Skipped("its push works"));
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
        assertThat(world.journal()).doesNotContain("mailbox.resync.completed");
    }

    @Test
    void a_refused_sync_state_is_replaced_without_repeating_anything() {
        giveUp();
        poll();
        world.clock.advance(Duration.ofMinutes(5));
        inbox.receive("first");
        poll();
        world.clock.advance(Duration.ofMinutes(5));
        inbox.receive("second");
        inbox.refusesStates = true;
        poll();
        inbox.refusesStates = false;
        poll();
        assertThat(world.messages()).containsExactly("message.received first", "message.received second");
    }

    @Test
    void the_first_call_back_ends_it_and_the_resync_closes_what_is_left() {
        giveUp();
        poll();
        world.clock.advance(Duration.ofMinutes(5));
        inbox.receive("before the probe");
        probe();
        inbox.receive("after the probe");
        exchange.callBack(world.store);
        assertThat(world.mailbox(ada).state()).isEqualTo(new MailboxState.Resyncing());

        world.subscriber.resync(ada, SubscribeReason.ERROR);

        assertThat(world.messages())
                .containsExactlyInAnyOrder("message.received before the probe", "message.received after the probe");
        assertThat(world.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
        assertThat(world.journal()).contains("mailbox.push.restored", "mailbox.resync.completed");
    }

    /// Whatever happens in whatever order, every mail is told once, and nothing is told twice.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothing_is_lost_or_doubled_at_either_change(int seed) {
        var run = new Run(new Random(seed));
        for (var step = 0; step < 80; step++) {
            run.step();
        }
        run.heal();

        var received = world.messages();
        assertThat(received).doesNotHaveDuplicates().doesNotContain("message.received ancient");
        assertThat(received)
                .containsAll(run.kept.stream()
                        .map(item -> "message.received " + item)
                        .toList());
        assertThat(world.journal())
                .filteredOn(line -> line.startsWith("item.deleted"))
                .doesNotHaveDuplicates();
        assertThat(run.falls).isPositive();
        assertThat(world.journal()).filteredOn("mailbox.push.restored"::equals).hasSize(run.falls);
    }

    private final class Run {
        private final Random random;
        private final TreeSet<String> kept = new TreeSet<>();
        private final List<Runnable> deaf = new ArrayList<>();
        private boolean reachable = true;
        private int items;
        private int falls;

        Run(Random random) {
            this.random = random;
            deaf.addAll(List.of(FallbackTest.this::poll, FallbackTest.this::poll, FallbackTest.this::probe));
            inbox.pageSize = 1 + random.nextInt(5);
        }

        void step() {
            world.clock.advance(Duration.ofSeconds(random.nextInt(1800)));
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> receive();
                case 4 -> delete();
                case 5, 6 -> callBack();
                case 7 -> loseTheWay();
                case 8 -> reachable = true;
                case 9 -> world.restart();
                case 10 -> inbox.refusesStates = random.nextInt(3) == 0;
                default -> look();
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

        /// Some of what there is to tell, or all of it.
        private void callBack() {
            if (reachable) {
                exchange.callBackOnce(world.store, random.nextBoolean() ? 1 : 1000);
            }
        }

        private void loseTheWay() {
            reachable = false;
            if (random.nextBoolean()) {
                exchange.forgetSubscriptions();
            }
            if (!degraded()) {
                giveUp();
                falls++;
            }
        }

        private void look() {
            if (degraded()) {
                deaf.get(random.nextInt(deaf.size())).run();
            } else if (world.mailbox(ada).resyncSince().isPresent() && random.nextBoolean()) {
                world.subscriber.resync(ada, SubscribeReason.ERROR);
            }
        }

        /// Brings everything to its end: push works, and nothing is owed.
        void heal() {
            if (falls == 0) {
                loseTheWay();
            }
            reachable = true;
            inbox.refusesStates = false;
            if (degraded()) {
                probe();
            }
            exchange.callBack(world.store);
            if (world.mailbox(ada).resyncSince().isPresent()) {
                world.subscriber.resync(ada, SubscribeReason.ERROR);
            }
            exchange.callBack(world.store);
            assertThat(world.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
        }
    }
}
