package dev.tidemark.compensator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class DutyGateTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final AtomicBoolean isHere = new AtomicBoolean(true);
    private final AtomicBoolean wasIdle = new AtomicBoolean(true);
    private final DutyGate gate = new DutyGate(isHere::get, Executors.newVirtualThreadPerTaskExecutor());

    @Test
    void a_node_is_not_idle_while_a_task_runs_or_the_work_that_it_started() {
        var end = new CountDownLatch(1);
        gate.runOnDuty(() -> {
            wasIdle.set(gate.isIdle());
            gate.execute(() -> awaitUninterrupted(end));
        });
        assertThat(wasIdle).isFalse();
        assertThat(gate.isIdle()).as("the work runs").isFalse();
        end.countDown();
        await().until(gate::isIdle);
        assertThat(gate.awaitEnd(LIMIT)).isTrue();
    }

    @Test
    void a_node_without_the_duty_runs_no_task() {
        isHere.set(false);
        gate.runOnDuty(() -> wasIdle.set(false));
        assertThat(wasIdle).isTrue();
        assertThat(gate.isIdle()).isTrue();
    }

    @Test
    void work_that_fails_or_is_refused_does_not_count_as_running() {
        assertThatThrownBy(() -> gate.runOnDuty(() -> {
                    throw new IllegalStateException("a task");
                }))
                .hasMessage("a task");
        assertThat(gate.awaitEnd(LIMIT)).isTrue();
        assertThatThrownBy(() -> gate.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(gate.isIdle()).isTrue();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
