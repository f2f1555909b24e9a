package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTest {
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 10);
    private final List<Long> waits = new ArrayList<>();

    @Test
    void spaces_requests_evenly() throws InterruptedException {
        var pacer = new Pacer(10, nanoTime::get, waits::add);
        pacer.await();
        pacer.await();
        pacer.await();
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
        pacer.await();
        assertThat(waits).containsExactly(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void without_a_limit_nobody_waits() throws InterruptedException {
        var pacer = new Pacer(0, nanoTime::get, waits::add);
        pacer.await();
        pacer.await();
        assertThat(waits).isEmpty();
    }
}
