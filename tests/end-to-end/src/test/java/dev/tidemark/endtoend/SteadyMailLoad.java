package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Delivers new mail at a steady rate, to each mailbox in turn, until it is closed.
final class SteadyMailLoad implements AutoCloseable {
    private final SimulatedExchange exchange;
    private final List<String> addresses;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("load").factory());
    private final AtomicInteger sent = new AtomicInteger();
    private final ScheduledFuture<?> sending;

    private SteadyMailLoad(SimulatedExchange exchange, List<String> addresses, int mailsPerSecond) {
        this.exchange = exchange;
        this.addresses = addresses;
        sending = timer.scheduleAtFixedRate(this::send, 0, 1_000_000 / mailsPerSecond, TimeUnit.MICROSECONDS);
    }

    static SteadyMailLoad on(EndToEndScene scene, int mailsPerSecond) {
        return on(scene.exchange(), scene.addresses(), mailsPerSecond);
    }

    static SteadyMailLoad on(SimulatedExchange exchange, List<String> addresses, int mailsPerSecond) {
        return new SteadyMailLoad(exchange, addresses, mailsPerSecond);
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
        var number = sent.getAndIncrement();
        exchange.mailbox(addresses.get(number % addresses.size())).deliver("mail " + number);
    }
}
