package dev.tidemark.compensator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Wakes a task. The test itself runs it, as a scheduler would.
final class WokenTaskTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final AtomicBoolean isHere = new AtomicBoolean(true);
    private final DutyGate gate = new DutyGate(isHere::get, Executors.newVirtualThreadPerTaskExecutor());
    private final RecordingScheduler scheduler = new RecordingScheduler();
    private final WokenTask task = new WokenTask("sweep", EVERY, gate, new SettableClock(NOW));
    /// run by each run of the work, and replaced by tests
    private Runnable duringWork = () -> {};
    private int runs;

    @BeforeEach
    void attach() {
        task.wakeThrough(scheduler);
    }

    @AfterEach
    void close() {
        assertThat(gate.isIdle()).isTrue();
        assertThat(gate.awaitEnd(Duration.ofMinutes(1))).isTrue();
    }

    private void run() {
        task.scheduled(Duration.ZERO, () -> {
                    runs++;
                    duringWork.run();
                })
                .work()
                .run();
    }

    /// Makes the next run of the work do this, and later ones nothing.
    private void duringNextWork(Runnable action) {
        duringWork = () -> {
            duringWork = () -> {};
            action.run();
        };
    }

    @Test
    void wake_ups_before_a_run_cause_one_run() {
        task.wake();
        task.wake();
        task.wake();
        assertThat(scheduler.wakes).containsExactly("sweep");
        run();
        assertThat(runs).isOne();
        task.wake();
        assertThat(scheduler.wakes).containsExactly("sweep", "sweep");
    }

    @Test
    void wake_ups_during_a_woken_run_repeat_its_work_once_and_start_no_other_run() {
        task.wake();
        duringNextWork(() -> {
            task.wake();
            task.wake();
        });
        run();
        assertThat(runs).isEqualTo(2);
        assertThat(scheduler.wakes).containsExactly("sweep");
    }

    @Test
    void wake_ups_during_a_periodic_run_repeat_its_work_once() {
        duringNextWork(() -> {
            task.wake();
            task.wake();
        });
        run();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void each_repetition_that_is_woken_repeats_the_work_again() {
        task.wake();
        duringNextWork(() -> {
            task.wake();
            duringNextWork(task::wake);
        });
        run();
        assertThat(runs).isEqualTo(3);
    }

    @Test
    void a_woken_run_stops_when_the_duty_has_moved() {
        task.wake();
        duringNextWork(() -> {
            task.wake();
            isHere.set(false);
        });
        run();
        assertThat(runs).isOne();
        isHere.set(true);
        task.wake();
        assertThat(scheduler.wakes).as("no wake-up is left unanswered").containsExactly("sweep", "sweep");
    }

    @Test
    void a_woken_run_stops_when_the_node_stops() {
        task.wake();
        duringNextWork(() -> {
            task.wake();
            gate.stop();
        });
        run();
        assertThat(runs).isOne();
        task.wake();
        assertThat(scheduler.wakes).as("a stopping node wakes nothing").containsExactly("sweep");
    }

    @Test
    void a_wake_up_that_came_without_the_duty_is_repeated_by_the_node_that_takes_over() {
        isHere.set(false);
        task.wake();
        run();
        assertThat(runs).isZero();
        isHere.set(true);
        task.wakeAgain();
        assertThat(scheduler.wakes).containsExactly("sweep", "sweep");
        run();
        assertThat(runs).isOne();
    }

    @Test
    void a_wake_up_during_a_run_that_fails_starts_another_run() {
        task.wake();
        duringNextWork(() -> {
            task.wake();
            throw new IllegalStateException("the work");
        });
        assertThatThrownBy(this::run).hasMessage("the work");
        assertThat(scheduler.wakes).containsExactly("sweep", "sweep");
        run();
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void a_run_that_fails_leaves_the_next_wake_up_a_run() {
        task.wake();
        duringNextWork(() -> {
            throw new StackOverflowError("the work");
        });
        assertThatThrownBy(this::run).isInstanceOf(StackOverflowError.class);
        assertThat(scheduler.wakes).containsExactly("sweep");
        task.wake();
        assertThat(scheduler.wakes).containsExactly("sweep", "sweep");
    }

    @Test
    void a_planned_wake_up_comes_before_the_next_periodic_run_or_not_at_all() {
        task.wakeAt(NOW.plusSeconds(3));
        task.wakeAt(NOW.minusSeconds(3));
        task.wakeAt(NOW.plus(EVERY));
        assertThat(scheduler.delays).containsExactly(Duration.ofSeconds(3), Duration.ofMillis(20));
    }

    @Test
    void the_first_run_covers_wake_ups_before_the_scheduler_exists() {
        var early = new WokenTask("early", EVERY, gate, new SettableClock(NOW));
        var work = early.scheduled(Duration.ZERO, () -> runs++).work();
        early.wake();
        early.wakeThrough(scheduler);
        work.run();
        assertThat(runs).isOne();
        early.wake();
        assertThat(scheduler.wakes).containsExactly("early");
    }

    /// Each thread adds work before it wakes the task, so the last run of the work must see the work of all.
    @Test
    void no_wake_up_of_many_threads_is_lost() throws InterruptedException {
        var added = new AtomicLong();
        var done = new AtomicLong();
        var busy = new WokenTask("busy", EVERY, gate, new SettableClock(NOW));
        var work = busy.scheduled(Duration.ZERO, () -> done.set(added.get())).work();
        try (var runner = Executors.newSingleThreadExecutor()) {
            busy.wakeThrough(new RunningScheduler(() -> runner.execute(work)));
            var threads = Stream.generate(() -> Thread.ofPlatform().unstarted(() -> {
                        for (var number = 0; number < 20_000; number++) {
                            added.incrementAndGet();
                            busy.wake();
                        }
                    }))
                    .limit(4)
                    .toList();
            threads.forEach(Thread::start);
            for (var thread : threads) {
                thread.join();
            }
            await().until(() -> done.get() == 80_000);
        }
    }

    /// Records the wake-ups, and starts no run.
    private static final class RecordingScheduler implements TaskScheduler {
        private final List<String> wakes = new ArrayList<>();
        private final List<Duration> delays = new ArrayList<>();

        @Override
        public void start() {}

        @Override
        public void wakeNow(String task) {
            wakes.add(task);
        }

        @Override
        public void wakeIn(String task, Duration delay) {
            delays.add(delay);
        }

        @Override
        public void close() {}
    }

    /// Starts a run at each wake-up.
    private record RunningScheduler(Runnable startRun) implements TaskScheduler {
        @Override
        public void start() {}

        @Override
        public void wakeNow(String task) {
            startRun.run();
        }

        @Override
        public void wakeIn(String task, Duration delay) {}

        @Override
        public void close() {}
    }
}
