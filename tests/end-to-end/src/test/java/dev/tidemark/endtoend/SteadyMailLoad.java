package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Delivers new mail at a steady rate, to each mailbox in turn, until it is closed.
final class SteadyMailLoad implements AutoCloseable {
    private final EndToEndScene scene;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("load").factory());
    private final AtomicInteger sent = new AtomicInteger();
    private final ScheduledFuture<?> sending;

    private SteadyMailLoad(EndToEndScene scene, int mailsPerSecond) {
        this.scene = scene;
        sending = timer.scheduleAtFixedRate(this::send, 0, 1_000_000 / mailsPerSecond, TimeUnit.MICROSECONDS);
    }

    static SteadyMailLoad on(EndToEndScene scene, int mailsPerSecond) {
        return new SteadyMailLoad(scene, mailsPerSecond);
    }

    void assertStillRunning() {
        assertThat(sent).hasPositiveValue();
        assertThat(sending.isDone()).as("no mail comes any more").isFalse();
    }

    @Override
    public void close() {
        sending.cancel(false);
        timer.close();
    }

    private void send() {
        List<String> addresses = scene.addresses();
        var number = sent.getAndIncrement();
        scene.mailbox(addresses.get(number % addresses.size())).deliver("mail " + number);
    }
}
