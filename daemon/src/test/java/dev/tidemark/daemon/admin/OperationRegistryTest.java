package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Tests operations that requests start.
final class OperationRegistryTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");

    private final SettableClock clock = new SettableClock(START);

    @Test
    void work_whose_thread_cannot_start_does_not_block_the_next_work_of_its_kind() throws InterruptedException {
        var stackSize = new AtomicLong(1L << 60);
        var operations = new OperationRegistry(
                clock, work -> Thread.ofPlatform().stackSize(stackSize.get()).unstarted(work));
        assertThatThrownBy(() -> operations.start("backup", progress -> Map.of()))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("native thread");
        stackSize.set(0);
        var operation = operations.start("backup", progress -> Map.of()).orElseThrow();
        operation.await(60);
        assertThat(operation.isFinished()).isTrue();
    }

    @Test
    void an_operation_finishes_when_its_work_ends() throws InterruptedException {
        var operation = new OperationRegistry(clock)
                .start("check", progress -> {
                    clock.advance(Duration.ofSeconds(5));
                    return Map.of();
                })
                .orElseThrow();
        operation.await(60);
        assertThat(String.valueOf(operation.fields().get("finishedAt")))
                .contains(START.plusSeconds(5).toString());
    }

    @Test
    void an_id_from_before_a_restart_names_no_other_operation() {
        var before = new OperationRegistry(clock).start("check", progress -> Map.of());
        clock.advance(Duration.ofSeconds(1));
        var after = new OperationRegistry(clock).start("check", progress -> Map.of());
        assertThat(after.orElseThrow().id()).isNotEqualTo(before.orElseThrow().id());
    }
}
