package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SilencePolicyTest {
    private static final Instant LAST_CALLBACK = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration FREQUENCY = Duration.ofMinutes(10);
    private static final SilencePolicy POLICY =
            new SilencePolicy(2.0, Duration.ofSeconds(90), Optional.empty(), Optional.empty());

    @Test
    void silent_after_factor_times_frequency_and_grace() {
        assertThat(POLICY.silentAt(CompensatedMailboxes.active(1, LAST_CALLBACK).build(), FREQUENCY))
                .isEqualTo(LAST_CALLBACK.plus(Duration.ofSeconds(2 * 600 + 90)));
    }

    @Test
    void an_absolute_limit_goes_first() {
        var policy =
                new SilencePolicy(2.0, Duration.ofSeconds(90), Optional.of(Duration.ofSeconds(5)), Optional.empty());
        assertThat(policy.silentAt(CompensatedMailboxes.active(1, LAST_CALLBACK).build(), FREQUENCY))
                .isEqualTo(LAST_CALLBACK.plusSeconds(5));
    }

    @Test
    void a_subscription_that_never_called_back_has_one_frequency_and_grace() {
        var mailbox =
                CompensatedMailboxes.active(1, LAST_CALLBACK).neverCalledBack().build();
        var subscribedAt = mailbox.subscribedAt().orElseThrow();
        assertThat(POLICY.silentAt(mailbox, FREQUENCY)).isEqualTo(subscribedAt.plusSeconds(690));
        var policy = new SilencePolicy(
                2.0, Duration.ofSeconds(90), Optional.of(Duration.ofSeconds(5)), Optional.of(Duration.ofSeconds(7)));
        assertThat(policy.silentAt(mailbox, FREQUENCY)).isEqualTo(subscribedAt.plusSeconds(7));
    }

    @Test
    void a_callback_before_the_subscription_does_not_count() {
        var builder = CompensatedMailboxes.active(1, LAST_CALLBACK);
        builder.subscribedAt = Optional.of(LAST_CALLBACK.plusSeconds(100));
        assertThat(POLICY.silentAt(builder.build(), FREQUENCY)).isEqualTo(LAST_CALLBACK.plusSeconds(100 + 1290));
    }
}
