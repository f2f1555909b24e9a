package dev.tidemark.daemon.reload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LiveScopeTest {
    private static final LiveScope WIDEST = new LiveScope(true, true, true);

    @ParameterizedTest
    @ValueSource(strings = {"tracing.endpoint", "tracing.sample", "tracing.headers", "store.retention", "admin.bind"})
    void a_change_needs_a_restart(String key) {
        assertThat(WIDEST.covers(key)).isFalse();
    }

    @Test
    void a_sink_changes_at_run_time() {
        assertThat(WIDEST.covers("sinks.crm.url")).isTrue();
    }
}
