package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Promises of [ExchangeOffsets] about offsets that are learned. Each group has a connection of the same name.
public abstract class ExchangeOffsetsContract extends PortContract {
    private static final ClockOffset AHEAD = new ClockOffset(Duration.ofSeconds(2), Duration.ofSeconds(3));
    private static final ClockOffset BEHIND = new ClockOffset(Duration.ofHours(-5), Duration.ofHours(-4));

    @Test
    void an_offset_is_absent_until_it_is_learned() {
        assertThat(store.exchangeOffsets().offsetOf("onprem")).isEmpty();
        assertThat(store.exchangeOffsets().offsetOfGroup("onprem")).isEqualTo(ClockOffset.NONE);
        assertThat(store.exchangeOffsets().boundByEvents("onprem")).isEmpty();
        store.exchangeOffsets().save("onprem", AHEAD, AHEAD);
        assertThat(store.exchangeOffsets().offsetOf("onprem")).contains(AHEAD);
        assertThat(store.exchangeOffsets().offsetOfGroup("onprem")).isEqualTo(AHEAD);
    }

    @Test
    void each_connection_has_its_own_offset() {
        store.exchangeOffsets().save("onprem", AHEAD, AHEAD);
        store.exchangeOffsets().save("branch", BEHIND, BEHIND);
        assertThat(store.exchangeOffsets().offsetOf("onprem")).contains(AHEAD);
        assertThat(store.exchangeOffsets().offsetOf("branch")).contains(BEHIND);
        assertThat(store.exchangeOffsets().offsetOf("cloud")).isEmpty();
    }

    @Test
    void the_offset_that_was_learned_last_survives_restarts() {
        store.exchangeOffsets().save("onprem", AHEAD, AHEAD);
        store.exchangeOffsets().save("onprem", BEHIND, BEHIND);
        reopenAfterPowerCut();
        assertThat(store.exchangeOffsets().offsetOf("onprem")).contains(BEHIND);
        reopen();
        assertThat(store.exchangeOffsets().offsetOf("onprem")).contains(BEHIND);
    }

    @Test
    void a_restart_knows_what_was_to_be_remembered() {
        var both = AHEAD.union(BEHIND);
        store.exchangeOffsets().save("onprem", AHEAD, both);
        assertThat(store.exchangeOffsets().offsetOf("onprem")).contains(AHEAD);
        reopenAfterPowerCut();
        assertThat(store.exchangeOffsets().offsetOf("onprem")).contains(both);
        store.exchangeOffsets().save("onprem", AHEAD, AHEAD);
        reopen();
        assertThat(store.exchangeOffsets().offsetOf("onprem")).contains(AHEAD);
    }
}
