package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.SimulatorFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Orders the faults of callbacks and checks the sequence that the listener sees.
class CallbackFaultsTest {
    private final SimulatorTestBed bench = new SimulatorTestBed();

    @BeforeEach
    void subscribe() {
        bench.subscribed();
    }

    @Test
    void a_doubled_callback_comes_twice_in_a_row() {
        bench.faults.next(SimulatorFault.DUPLICATE_CALLBACK, 1);
        bench.ada.deliver("One");
        bench.ada.deliver("Two");
        assertThat(bench.bodies()).hasSize(3);
        assertThat(bench.bodies().get(1))
                .isEqualTo(bench.bodies().get(0))
                .isNotEqualTo(bench.bodies().get(2));
    }

    @Test
    void a_truncated_callback_is_repeated_whole() {
        bench.faults.next(SimulatorFault.TRUNCATE_CALLBACK, 1);
        bench.answers.add(Optional.empty());
        bench.ada.deliver("One");
        bench.time.advance(Duration.ofSeconds(30));
        assertThat(bench.bodies()).hasSize(2);
        assertThat(bench.bodies().get(1)).startsWith(bench.bodies().get(0)).endsWith("</soap11:Envelope>");
        assertThat(bench.bodies().get(0)).doesNotContain("</soap11:Envelope>");
    }

    @Test
    void a_held_callback_comes_after_the_next_one() {
        var first = bench.ada.deliver("One").id();
        bench.faults.next(SimulatorFault.REORDER_CALLBACK, 1);
        var second = bench.ada.deliver("Two").id();
        assertThat(bench.bodies()).hasSize(1);
        var third = bench.ada.deliver("Three").id();
        assertThat(bench.bodies()).hasSize(3);
        assertThat(bench.bodies().get(0)).contains(first);
        assertThat(bench.bodies().get(1)).contains(third);
        assertThat(bench.bodies().get(2)).contains(second);
        assertThat(previous(2)).isEqualTo(last(0));
        assertThat(bench.ledger.acknowledgedItems()).contains(first, second, third);
    }

    @Test
    void a_delayed_callback_holds_the_later_ones() {
        bench.faults.next(SimulatorFault.DELAY_CALLBACK, FaultScope.ANYWHERE.withValue("5m"), 1);
        var first = bench.ada.deliver("One").id();
        bench.ada.deliver("Two");
        bench.time.advance(Duration.ofSeconds(299));
        assertThat(bench.bodies()).isEmpty();
        bench.time.advance(Duration.ofSeconds(1));
        assertThat(bench.bodies()).hasSize(2);
        assertThat(bench.bodies().get(0)).contains(first);
    }

    @Test
    void an_expired_watermark_is_refused_with_the_whole_history() {
        var subscribed = bench.subscribe("");
        var watermark = SimulatorRequests.text(subscribed, "m:Watermark");
        bench.faults.next(SimulatorFault.EXPIRE_WATERMARK, 1);
        assertThat(bench.subscribe(watermark)).contains("ErrorInvalidWatermark");
        assertThat(bench.subscribe(watermark)).contains("ErrorInvalidWatermark");
        assertThat(bench.subscribe("")).contains("NoError");
    }

    @ParameterizedTest
    @CsvSource({
        "1, TOTAL, 1", "5, TOTAL, 3", "10, TOTAL, 4", "30, TOTAL, 5", "1440, TOTAL, 11",
        "1, EACH, 2", "5, EACH, 4", "10, EACH, 5", "30, EACH, 6", "1440, EACH, 12"
    })
    void an_unanswered_callback_is_repeated_as_the_table_says(
            int statusFrequency, NotificationRetrySchedule.Reading reading, int retries) {
        var other = new SimulatorTestBed(reading);
        other.request("ada@example.com", SimulatorRequests.subscribe(statusFrequency, ""));
        other.time.advance(Duration.ofMillis(50));
        other.noAnswer(100);
        other.ada.deliver("One");
        other.time.advance(Duration.ofDays(3));
        var waits = List.of(30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 30_720, 61_440);

        assertThat(other.sent).hasSize(retries + 1);
        for (var i = 0; i < retries; i++) {
            assertThat(other.sent.get(i + 1).at().minus(other.sent.get(i).at())).hasSeconds(waits.get(i));
        }
        assertThat(other.senders.live()).isEmpty();
    }

    private String previous(int index) {
        return SimulatorRequests.text(bench.bodies().get(index), "t:PreviousWatermark");
    }

    private String last(int index) {
        var body = bench.bodies().get(index);
        return SimulatorRequests.text(body.substring(body.lastIndexOf("<t:Watermark>")), "t:Watermark");
    }
}
