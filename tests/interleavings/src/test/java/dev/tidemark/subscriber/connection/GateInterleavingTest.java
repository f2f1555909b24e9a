package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.interleaving.ThreadSchedules;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Runs the permits of a connection gate under many schedules: limits, a pause, and a caller that is interrupted.
final class GateInterleavingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-01T09:00:00Z"), ZoneOffset.UTC);

    private static final MonotonicTicker NO_TIMERS = new MonotonicTicker() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            throw new AssertionError("a timer without a rate");
        }
    };

    @Test
    void no_more_permits_than_allowed_and_none_is_lost() {
        ThreadSchedules.explore(() -> {
            var obstacle = new AtomicReference<Optional<SubscriptionOutcome>>(Optional.empty());
            var scheduler =
                    new RequestScheduler(new ConnectionLimits(1, 0), ignored -> obstacle.get(), CLOCK, NO_TIMERS);
            var inFlight = new AtomicInteger();
            var interrupted = new Thread(() -> use(scheduler, inFlight, RequestPriority.POLL));
            interrupted.start();
            ThreadSchedules.together(
                    () -> use(scheduler, inFlight, RequestPriority.SUBSCRIBE),
                    () -> use(scheduler, inFlight, RequestPriority.POLL),
                    () -> {
                        interrupted.interrupt();
                        obstacle.set(Optional.of(new SubscriptionOutcome.Skipped("paused")));
                        scheduler.recheckQueue();
                        obstacle.set(Optional.empty());
                        scheduler.recheckQueue();
                    });
            interrupted.join();
            var levels = scheduler.levels();
            assertThat(levels.inFlight()).isZero();
            assertThat(levels.waiting().values()).allMatch(count -> count == 0);
        });
    }

    private static void use(RequestScheduler scheduler, AtomicInteger inFlight, RequestPriority priority) {
        try {
            var permit = scheduler.acquire(priority, Optional.of(new MailboxAddress("ada@example.com")));
            if (permit.obstacle().isEmpty()) {
                assertThat(inFlight.incrementAndGet()).isOne();
                inFlight.decrementAndGet();
                scheduler.release();
            }
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }
}
