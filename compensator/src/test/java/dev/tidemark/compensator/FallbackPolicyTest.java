package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.FallbackConfig.Transport;
import dev.tidemark.subscriber.streaming.StreamConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FallbackPolicyTest {
    private static final Instant TRIED = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final SilencePolicy SILENCE =
            new SilencePolicy(2, Duration.ofMinutes(2), Optional.empty(), Optional.empty());

    private static FallbackPolicy law(Transport transport) {
        var half = new PollDelay(new PollDelay.ConfiguredDelay.Percent(50), Duration.ofMinutes(1));
        return new FallbackPolicy(new FallbackConfig(3, transport, half, StreamConfig.DEFAULT), SILENCE);
    }

    private static CompensatedMailboxes.Builder deaf(int fruitless) {
        var patient = CompensatedMailboxes.active(1, TRIED).neverCalledBack();
        patient.subscribedAt = Optional.of(TRIED);
        patient.fruitless = fruitless;
        return patient;
    }

    @Test
    void push_is_given_up_after_so_many_compensations_in_a_row_that_led_to_nothing() {
        assertThat(law(Transport.POLL).shouldSuspendPush(deaf(2).build(), TEN_MINUTES))
                .isFalse();
        assertThat(law(Transport.POLL).shouldSuspendPush(deaf(3).build(), TEN_MINUTES))
                .isTrue();
        assertThat(law(Transport.STREAMING).shouldSuspendPush(deaf(3).build(), TEN_MINUTES))
                .isTrue();
    }

    @Test
    void push_is_given_up_once() {
        assertThat(law(Transport.POLL).shouldSuspendPush(deaf(3).degraded(TRIED).build(), TEN_MINUTES))
                .isFalse();
    }

    @Test
    void push_is_never_given_up_for_nothing() {
        assertThat(law(Transport.NONE).shouldSuspendPush(deaf(9).build(), TEN_MINUTES))
                .isFalse();
        // half of 30 s is too often, and more rarely than every 30 s is no polling
        assertThat(law(Transport.POLL).shouldSuspendPush(deaf(9).build(), Duration.ofSeconds(30)))
                .isFalse();
    }

    @ParameterizedTest(name = "after {0} tries in vain the next one comes after {1} minutes")
    @CsvSource({"0, 24", "1, 48", "2, 96", "3, 192", "4, 360", "40, 360"})
    void push_is_tried_again_ever_more_rarely(int tries, long minutes) {
        var mailbox = deaf(3 + tries).degraded(TRIED).build();
        assertThat(law(Transport.POLL).probeAt(mailbox, TEN_MINUTES, Optional.empty()))
                .isEqualTo(TRIED.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void a_long_status_frequency_makes_for_longer_pauses() {
        var mailbox = deaf(9).degraded(TRIED).build();
        assertThat(law(Transport.POLL).probeAt(mailbox, Duration.ofDays(1), Optional.empty()))
                .isEqualTo(TRIED.plus(Duration.ofDays(2).plusMinutes(4)));
    }

    @Test
    void where_nothing_stands_in_for_push_it_is_tried_as_often_as_before() {
        var mailbox = deaf(9).degraded(TRIED).build();
        assertThat(law(Transport.NONE).probeAt(mailbox, TEN_MINUTES, Optional.empty()))
                .isEqualTo(TRIED.plus(Duration.ofMinutes(12)));
    }

    @Test
    void a_call_back_for_another_mailbox_brings_the_next_try_forward_unless_the_last_one_is_young() {
        var mailbox = deaf(9).degraded(TRIED).build();
        var young = Optional.of(TRIED.plus(Duration.ofMinutes(11)));
        var old = Optional.of(TRIED.plus(Duration.ofMinutes(13)));
        var late = Optional.of(TRIED.plus(Duration.ofDays(1)));
        var planned = TRIED.plus(Duration.ofHours(6));
        assertThat(law(Transport.POLL).probeAt(mailbox, TEN_MINUTES, young)).isEqualTo(planned);
        assertThat(law(Transport.POLL).probeAt(mailbox, TEN_MINUTES, old)).isEqualTo(old.get());
        assertThat(law(Transport.POLL).probeAt(mailbox, TEN_MINUTES, late)).isEqualTo(planned);
    }
}
