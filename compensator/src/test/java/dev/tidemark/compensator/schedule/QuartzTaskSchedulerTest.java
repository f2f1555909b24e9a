package dev.tidemark.compensator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuartzTaskSchedulerTest {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch blocked = new CountDownLatch(1);

    @Test
    void runs_that_were_missed_are_made_up_for_by_one() {
        var task = new TaskScheduler.Task("slow", Duration.ZERO, EVERY, this::blockOnce);
        try (var schedule = QuartzTaskScheduler.prepare(List.of(task), Duration.ofMillis(100))) {
            schedule.start();
            await().until(() -> runs.get() == 1);
            var started = System.nanoTime();
            await().until(() -> System.nanoTime() - started > 5 * EVERY.toNanos());
            var released = System.nanoTime();
            blocked.countDown();
            // five runs were missed: one comes at once, the next after another interval
            await().until(() -> runs.get() >= 2);
            var soon = System.nanoTime();
            await().pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() - soon > 200_000_000L);
            var seen = runs.get();
            var due = (System.nanoTime() - released) / EVERY.toNanos();
            assertThat((long) seen).isLessThanOrEqualTo(3 + due);
            await().until(() -> runs.get() >= 4);
        }
    }

    /// Simulates a clock that was set back by an hour.
    @Test
    void what_is_planned_for_much_later_can_be_rescheduled() {
        var task = new TaskScheduler.Task("late", Duration.ofHours(1), Duration.ofMillis(20), runs::incrementAndGet);
        try (var schedule = QuartzTaskScheduler.prepare(List.of(task))) {
            schedule.start();
            schedule.wakeIn("late", Duration.ofHours(1));
            schedule.rescheduleAll();
            await().until(() -> runs.get() >= 5);
        }
    }

    private void blockOnce() {
        if (runs.incrementAndGet() == 1) {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
