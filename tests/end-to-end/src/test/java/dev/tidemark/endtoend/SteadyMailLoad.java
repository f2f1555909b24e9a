package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Delivers new mail at a steady rate, to each mailbox in turn, until it is closed. Leaves out mails while half a
/// minute's worth has not led to a request at the webhook, so that a slow machine can catch up.
final class SteadyMailLoad implements AutoCloseable {
    private static final int MAX_SECONDS = 30;

    private final SimulatedExchange exchange;
    private final MisbehavingWebhookReceiver webhook;
    private final List<String> addresses;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("load").factory());
    private final AtomicInteger sent = new AtomicInteger();
    private final int limit;
    private final ScheduledFuture<?> sending;

    private SteadyMailLoad(
            SimulatedExchange exchange,
            MisbehavingWebhookReceiver webhook,
            List<String> addresses,
            int mailsPerSecond,
            int limit) {
        this.exchange = exchange;
        this.webhook = webhook;
        this.addresses = addresses;
        this.limit = limit;
        sending = timer.scheduleAtFixedRate(this::send, 0, 1_000_000 / mailsPerSecond, TimeUnit.MICROSECONDS);
    }

    static SteadyMailLoad on(EndToEndScene scene, int mailsPerSecond) {
        return on(scene.exchange(), scene.webhook(), scene.addresses(), mailsPerSecond);
    }

    static SteadyMailLoad on(
            SimulatedExchange exchange,
            MisbehavingWebhookReceiver webhook,
            List<String> addresses,
            int mailsPerSecond) {
        return new SteadyMailLoad(exchange, webhook, addresses, mailsPerSecond, MAX_SECONDS * mailsPerSecond);
    }

    /// Delivers mail however far the webhook is behind.
    static SteadyMailLoad withoutLimit(EndToEndScene scene, int mailsPerSecond) {
        return new SteadyMailLoad(
                scene.exchange(), scene.webhook(), scene.addresses(), mailsPerSecond, Integer.MAX_VALUE);
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
        if (sent.get() - webhook.requestCount() > limit) {
            return;
        }
        var number = sent.getAndIncrement();
        exchange.mailbox(addresses.get(number % addresses.size())).deliver("mail " + number);
    }
}
