package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.BROKEN;
import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.SinkControllerFixture.DOWN;
import static dev.tidemark.forwarder.SinkControllerFixture.OK;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static dev.tidemark.forwarder.TestEvents.EVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.SinkState.Disabled;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks outages of days on a test clock.
final class OutageTest {
    /// Limit of events in memory, independent of the backlog.
    private static final int WINDOW = 1024;

    private final MemoryStore store = new MemoryStore();

    @ParameterizedTest
    @CsvSource({"100, 1", "100, 20", "130, 1", "130, 20"})
    void after_an_outage_of_days_everything_arrives_once_and_in_order(int hours, int batch) {
        var rig = rig(batch);
        var events = new ArrayList<JournalEvent>();
        for (var minute = 0; minute < hours * 60; minute += 10) {
            events.add(store.receive(List.of(ADA, BOB, EVE).get(minute / 10 % 3)));
            rig.step().answerAll(DOWN);
            rig.advance(Duration.ofMinutes(10));
            assertThat(rig.controller().snapshot().waiting()).isLessThanOrEqualTo(WINDOW);
        }
        rig.answerAll(DOWN);
        if (hours > 120) {
            assertThat(rig.state()).isInstanceOf(Disabled.class);
        }

        rig.advance(Duration.ofHours(1));
        var delivered = rig.answerAll(OK).stream().filter(events::contains).toList();
        assertThat(rig.state()).isInstanceOf(Active.class);
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(events);
        var lanes = delivered.stream().collect(Collectors.groupingBy(JournalEvent::source));
        assertThat(lanes.values())
                .allSatisfy(lane ->
                        assertThat(lane).extracting(JournalEvent::sequence).isSorted());
        rig.advance(Duration.ofSeconds(1));
        assertThat(store.rows(CRM)).isEmpty();
        assertThat(store.deadLetterCount()).isZero();
        assertThat(rig.stats.snapshot().expired()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.999})
    void an_event_that_is_refused_is_tried_for_days_while_its_mailbox_goes_on(double random) {
        var rig = new SinkControllerFixture(store, SinkControllerFixture.sink(), () -> random);
        var start = rig.clock.instant();
        var broken = store.receive(ADA);
        var next = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        var lastTry = start;
        var nextWent = Optional.<Instant>empty();
        while (store.deadLetterCount() == 0) {
            rig.advance(Duration.ofMinutes(1));
            for (var event : rig.eventsInFlight()) {
                if (event.equals(broken)) {
                    lastTry = rig.clock.instant();
                } else if (event.equals(next)) {
                    nextWent = Optional.of(rig.clock.instant());
                }
                rig.answer(event, event.equals(broken) ? BROKEN : OK);
            }
            assertThat(rig.clock.instant()).isBefore(start.plus(Duration.ofHours(91)));
        }
        assertThat(nextWent.orElseThrow())
                .isBetween(start.plus(Duration.ofMinutes(10)), start.plus(Duration.ofMinutes(11)));
        assertThat(lastTry).isAfter(start.plus(Duration.ofHours(60)));

        assertThat(rig.stats.snapshot().deadLetters()).isOne();
        assertThat(store.deadLetters(Optional.empty(), 9))
                .singleElement()
                .satisfies(letter -> assertThat(letter.attempts()).isEqualTo(10));
        assertThat(store.lastEvent().type()).isEqualTo("delivery.exhausted");
        assertThat(((Lifecycle) store.lastEvent().data()).fields()).containsEntry("sink", "crm");
        store.recallAll(Optional.empty());
        rig.controller().reloadReplays();
        rig.step().answer(broken, OK);
        assertThat(store.deadLetterCount()).isZero();
    }

    @Test
    void what_goes_ahead_of_an_event_marks_it_late() {
        var rig = rig(1);
        var broken = store.receive(ADA);
        store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        rig.advance(Duration.ofSeconds(6)).answer(broken, BROKEN);
        rig.advance(Duration.ofMinutes(10));
        rig.answerAll(BROKEN);
        rig.advance(Duration.ofMinutes(40));
        assertThat(rig.inFlight())
                .filteredOn(delivery -> delivery.event().equals(broken))
                .allMatch(PendingDelivery::overtaken)
                .isNotEmpty();
    }

    private SinkControllerFixture rig(int batch) {
        var pace = new ThroughputConfig(2, batch, Duration.ZERO, 0);
        return new SinkControllerFixture(
                store,
                new SinkConfig(
                        CRM,
                        SinkControllerFixture.sink().target(),
                        DeliveryOrdering.MAILBOX,
                        pace,
                        RetryConfig.DEFAULT,
                        List.of()));
    }
}
