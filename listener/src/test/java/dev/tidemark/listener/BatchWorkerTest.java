package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchWorkerTest {
    private final LongAdder faults = new LongAdder();
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final Semaphore gate = new Semaphore(0);

    @Test
    void what_came_during_one_batch_is_the_next_up_to_the_bound() {
        var stage = new BatchWorker<Integer>("test", 4, this::work, faults).start();
        stage.add(0);
        gate.acquireUninterruptibly();
        IntStream.rangeClosed(1, 6).forEach(stage::add);
        gate.release(100);
        stage.close();
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4), List.of(5, 6));
    }

    @Test
    void a_batch_that_fails_does_not_end_the_stage() {
        var stage = new BatchWorker<Integer>("test", 1, batch -> failOnOne(batch), faults).start();
        IntStream.range(0, 3).forEach(stage::add);
        stage.close();
        assertThat(batches).containsExactly(List.of(0), List.of(2));
        assertThat(faults.sum()).isEqualTo(1);
    }

    @Test
    void closing_works_on_what_was_put() {
        var stage = new BatchWorker<Integer>("test", 10, batches::add, faults);
        IntStream.range(0, 25).forEach(stage::add);
        stage.start().close();
        assertThat(batches.stream().flatMap(List::stream)).hasSize(25).isSorted();
    }

    @Test
    void what_is_put_together_stays_in_order() {
        var stage = new BatchWorker<Integer>("test", 7, batches::add, faults).start();
        IntStream.range(0, 50).forEach(i -> stage.addAll(List.of(2 * i, 2 * i + 1)));
        stage.close();
        assertThat(batches.stream().flatMap(List::stream)).hasSize(100).isSorted();
    }

    private void work(List<Integer> batch) {
        batches.add(List.copyOf(batch));
        gate.release();
        if (batch.contains(0)) {
            gate.acquireUninterruptibly(50);
        }
    }

    private void failOnOne(List<Integer> batch) {
        if (batch.contains(1)) {
            throw new IllegalStateException("one is not wanted");
        }
        batches.add(batch);
    }
}
