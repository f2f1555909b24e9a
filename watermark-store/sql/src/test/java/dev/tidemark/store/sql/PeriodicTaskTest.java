package dev.tidemark.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Checks that a failing task is retried at growing intervals, and at the usual interval once it succeeds.
final class PeriodicTaskTest {
    private final List<Integer> attempts = new ArrayList<>();
    private Optional<Throwable> failure = Optional.of(new StoreException("The disk fails."));
    private int now;

    private void work() {
        attempts.add(now);
        failure.ifPresent(PeriodicTaskTest::sneak);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    private PeriodicTask task(Duration longest) {
        return new PeriodicTask("It", Duration.ofSeconds(2), longest, this::work);
    }

    private List<Integer> attempts(PeriodicTask task, int ticks) {
        attempts.clear();
        IntStream.range(0, ticks).forEach(tick -> {
            task.tick();
            now++;
        });
        return List.copyOf(attempts);
    }

    @Test
    void attempts_double_their_distance_up_to_the_limit_until_one_succeeds() {
        var task = task(Duration.ofMinutes(5));
        assertThat(attempts(task, 600)).containsExactly(0, 1, 3, 7, 15, 31, 63, 127, 255, 405, 555);
        failure = Optional.empty();
        assertThat(attempts(task, 150)).first().isEqualTo(705);
        assertThat(attempts(task, 3)).containsExactly(750, 751, 752);
        failure = Optional.of(new StackOverflowError());
        assertThat(attempts(task, 4)).containsExactly(753, 754, 756);
    }

    @Test
    void a_task_with_the_limit_of_one_tick_is_tried_at_each() {
        assertThat(attempts(task(Duration.ofSeconds(2)), 5)).containsExactly(0, 1, 2, 3, 4);
    }
}
