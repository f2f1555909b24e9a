package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.FallbackConfig.Transport;
import dev.tidemark.subscriber.config.StreamConfig;
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

    private static FallbackPolicy policy(Transport transport) {
        var half = new PollDelay(new PollDelay.ConfiguredDelay.Percent(50), Duration.ofMinutes(1));
        return new FallbackPolicy(new FallbackConfig(3, transport, half, StreamConfig.DEFAULT), SILENCE);
    }

    private static CompensatedMailboxes.Builder neverCalledBack(int fruitless) {
        var mailbox = CompensatedMailboxes.active(1, TRIED).neverCalledBack();
        mailbox.subscribedAt = Optional.of(TRIED);
        mailbox.fruitless = fruitless;
        return mailbox;
    }

    @Test
    void push_is_suspended_after_so_many_compensations_in_a_row_that_led_to_nothing() {
        assertThat(policy(Transport.POLL).shouldSuspendPush(neverCalledBack(2).build(), TEN_MINUTES))
                .isFalse();
        assertThat(policy(Transport.POLL).shouldSuspendPush(neverCalledBack(3).build(), TEN_MINUTES))
                .isTrue();
        assertThat(policy(Transport.STREAMING)
                        .shouldSuspendPush(neverCalledBack(3).build(), TEN_MINUTES))
                .isTrue();
    }

    @Test
    void push_is_suspended_once() {
        assertThat(policy(Transport.POLL)
                        .shouldSuspendPush(neverCalledBack(3).degraded(TRIED).build(), TEN_MINUTES))
                .isFalse();
    }

    @Test
    void push_is_never_suspended_for_nothing() {
        assertThat(policy(Transport.NONE).shouldSuspendPush(neverCalledBack(9).build(), TEN_MINUTES))
                .isFalse();
        // half of 30 s is below the limit, and a delay above 30 s turns polling off
        assertThat(policy(Transport.POLL).shouldSuspendPush(neverCalledBack(9).build(), Duration.ofSeconds(30)))
                .isFalse();
    }

    @ParameterizedTest(name = "after {0} tries in vain the next one comes after {1} minutes")
    @CsvSource({"0, 24", "1, 48", "2, 96", "3, 192", "4, 360", "40, 360"})
    void push_is_tried_again_ever_more_rarely(int tries, long minutes) {
        var mailbox = neverCalledBack(3 + tries).degraded(TRIED).build();
        assertThat(policy(Transport.POLL).probeAt(mailbox, TEN_MINUTES, Optional.empty()))
                .isEqualTo(TRIED.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void a_long_status_frequency_makes_for_longer_pauses() {
        var mailbox = neverCalledBack(9).degraded(TRIED).build();
        assertThat(policy(Transport.POLL).probeAt(mailbox, Duration.ofDays(1), Optional.empty()))
                .isEqualTo(TRIED.plus(Duration.ofDays(2).plusMinutes(4)));
    }

    @Test
    void where_nothing_stands_in_for_push_it_is_tried_as_often_as_before() {
        var mailbox = neverCalledBack(9).degraded(TRIED).build();
        assertThat(policy(Transport.NONE).probeAt(mailbox, TEN_MINUTES, Optional.empty()))
                .isEqualTo(TRIED.plus(Duration.ofMinutes(12)));
    }

    @Test
    void a_callback_for_another_mailbox_brings_the_next_try_forward_unless_the_last_one_is_young() {
        var mailbox = neverCalledBack(9).degraded(TRIED).build();
        var young = Optional.of(TRIED.plus(Duration.ofMinutes(11)));
        var old = Optional.of(TRIED.plus(Duration.ofMinutes(13)));
        var late = Optional.of(TRIED.plus(Duration.ofDays(1)));
        var planned = TRIED.plus(Duration.ofHours(6));
        assertThat(policy(Transport.POLL).probeAt(mailbox, TEN_MINUTES, young)).isEqualTo(planned);
        assertThat(policy(Transport.POLL).probeAt(mailbox, TEN_MINUTES, old)).isEqualTo(old.get());
        assertThat(policy(Transport.POLL).probeAt(mailbox, TEN_MINUTES, late)).isEqualTo(planned);
    }
}
