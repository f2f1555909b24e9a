package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Promises of [Journal].
public abstract class JournalContract extends PortContract {
    @Test
    void is_read_in_pages_of_any_size() {
        receive(30);
        var whole = journal();
        for (var limit = 1; limit < 40; limit += 6) {
            var read = new ArrayList<JournalEvent>();
            var page = store.journal().read(JournalPosition.START, limit);
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                read.addAll(page);
                page = store.journal().read(page.getLast().position(), limit);
            }
            assertThat(read).isEqualTo(whole);
        }
        assertThat(whole).extracting(JournalEvent::position).isSorted().doesNotHaveDuplicates();
        assertThat(store.journal().end()).isEqualTo(whole.getLast().position());
        assertThat(store.journal().oldest()).isEqualTo(JournalPosition.START);
    }

    @Test
    void the_events_of_a_type_are_those_of_the_whole_journal() {
        for (var mails = 1; mails < 12; mails += 5) {
            receive(mails);
            store.journal().appendInstanceEvent("sink.failing", Map.of("sink", "crm"));
            store.journal().appendMailboxEvent(mailbox(), "mailbox.paused", Map.of());
        }
        var whole = journal();
        var types = Set.of("sink.failing", "mailbox.paused");
        for (var positions = 1; positions < 40; positions += 6) {
            var read = new ArrayList<JournalEvent>();
            var next = JournalPosition.START;
            while (next.compareTo(store.journal().end()) < 0) {
                var part = store.journal().read(next, positions, types::contains);
                assertThat(part.next()).isGreaterThan(next);
                assertThat(part.events())
                        .allSatisfy(event -> assertThat(event.position()).isLessThanOrEqualTo(part.next()));
                read.addAll(part.events());
                next = part.next();
            }
            assertThat(next).isEqualTo(store.journal().end());
            assertThat(read)
                    .isEqualTo(whole.stream()
                            .filter(event -> types.contains(event.type()))
                            .toList());
            assertThat(store.journal().read(next, positions, types::contains).next())
                    .isEqualTo(next);
        }
    }

    @Test
    void finds_each_event_by_its_position() {
        receive(5);
        assertThat(journal())
                .allSatisfy(event ->
                        assertThat(store.journal().find(event.position())).contains(event));
        assertThat(store.journal().find(JournalPosition.START)).isEmpty();
        assertThat(store.journal().find(store.journal().end().next())).isEmpty();
    }

    @Test
    void reads_the_wanted_events_of_one_mailbox_backward_within_a_limit() {
        receive(5);
        store.journal().appendMailboxEvent(mailbox(), "mailbox.paused", Map.of());
        receive(5);
        var own = store.journal().newest(mailbox(), event -> true, 3, 100);
        assertThat(own).isEqualTo(journal().reversed().subList(0, 3));
        assertThat(store.journal().newest(mailbox(), event -> event.type().equals("mailbox.paused"), 3, 100))
                .hasSize(1);
        assertThat(store.journal().newest(mailbox(), event -> event.type().equals("mailbox.paused"), 3, 5))
                .isEmpty();
        assertThat(store.journal().newest(new MailboxId("mbx_" + "z".repeat(16)), event -> true, 3, 100))
                .isEmpty();
    }

    @Test
    void wakes_a_thread_that_waits_for_an_event() throws Exception {
        receive(1);
        var end = store.journal().end();
        assertThat(store.journal().awaitBeyond(end, Duration.ZERO)).isFalse();
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return store.journal().awaitBeyond(end, Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        receive(1);
        assertThat(waiting.get(1, TimeUnit.MINUTES)).isTrue();
        assertThat(store.journal().read(end, 10)).hasSize(1);
    }

    @Test
    void numbers_the_events_of_the_instance_separately() {
        receive(1);
        store.journal().appendInstanceEvent("sink.failing", Map.of("sink", "crm"));
        store.journal().appendMailboxEvent(mailbox(), "mailbox.push.degraded", Map.of("since", 7L, "hard", true));
        reopenAfterPowerCut();
        store.journal().appendInstanceEvent("sink.enabled", Map.of("sink", "crm"));
        assertThat(journal())
                .filteredOn(event -> event.source() instanceof EventSource.OfInstance)
                .extracting(JournalEvent::sequence)
                .containsExactly(1L, 2L);
        var own = journal().stream()
                .filter(event -> event.source() instanceof EventSource.OfMailbox)
                .toList();
        assertThat(own)
                .extracting(JournalEvent::sequence)
                .isEqualTo(LongStream.rangeClosed(1, own.size()).boxed().toList());
        var degraded = own.getLast();
        assertThat(((EventData.Lifecycle) degraded.data()).fields()).isEqualTo(Map.of("since", 7L, "hard", true));
        assertThat(journal()).extracting(JournalEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void prunes_only_old_delivered_events() {
        receive(10);
        var middle = store.journal().end();
        clock.advance(Duration.ofDays(8));
        receive(10);
        var old = clock.instant().minus(Duration.ofDays(7));
        var delivered = new JournalPosition(middle.value() - 4);
        assertThat(store.journal().prune(old, JournalPosition.START, 100)).isZero();
        assertThat(store.journal().prune(old, delivered, 3)).isEqualTo(3);
        assertThat(store.journal().prune(old, delivered, 100)).isPositive();
        assertThat(store.journal().prune(old, delivered, 100)).isZero();
        assertThat(journal().getFirst().position()).isEqualTo(delivered.next());
        assertThat(store.journal().oldest()).isEqualTo(delivered);
        assertThat(store.journal().prune(old, store.journal().end(), 100)).isEqualTo(4);
        assertThat(journal()).hasSize(10);
    }

    @Test
    void prunes_many_old_events_up_to_the_limit() {
        receive(300);
        var end = store.journal().end();
        clock.advance(Duration.ofDays(8));
        receive(1);
        var old = clock.instant().minus(Duration.ofDays(7));
        assertThat(store.journal().prune(old, end, 290)).isEqualTo(290);
        assertThat(store.journal().prune(old, end, 290)).isBetween(10, 289);
        assertThat(store.journal().prune(old, end, 290)).isZero();
        assertThat(store.journal().oldest()).isEqualTo(end);
        assertThat(journal()).hasSize(1);
    }

    @Test
    void never_gives_a_position_or_a_sequence_number_twice() {
        receive(3);
        var end = store.journal().end();
        var newest = journal().getLast().sequence();
        clock.advance(Duration.ofDays(8));
        store.journal().prune(Instant.MAX.minusSeconds(1), end, 100);
        assertThat(journal()).isEmpty();
        assertThat(store.journal().oldest()).isEqualTo(end);
        reopenAfterPowerCut();
        assertThat(store.journal().end()).isEqualTo(end);
        receive(1);
        assertThat(journal()).extracting(JournalEvent::sequence).containsExactly(newest + 1);
        assertThat(journal().getFirst().position()).isEqualTo(end.next());
    }
}
