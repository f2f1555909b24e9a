package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.FolderRef;
import dev.tidemark.ews.MailboxAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionGateTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final EwsRequest<?> REQUEST =
            new EwsRequest.GetFolder(List.of(new FolderRef.Distinguished("inbox")));

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T09:00:00Z"));
    private final Tally tally = new Tally();

    @Test
    void no_more_requests_at_once_than_allowed() throws Exception {
        var client = new SlowClient(2);
        var gate = gate(client, 2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = IntStream.range(0, 5)
                    .mapToObj(ignored -> threads.submit(() -> send(gate)))
                    .toList();
            assertThat(client.both.await(10, TimeUnit.SECONDS)).isTrue();
            client.release.countDown();
            for (var each : sent) {
                each.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(client.most.get()).isEqualTo(2);
        assertThat(tally.snapshot().requests()).isEqualTo(5);
    }

    @Test
    void a_turn_is_given_back_even_if_nothing_was_sent() throws Exception {
        var gate = gate(new SlowClient(1), 1);
        for (var i = 0; i < 3; i++) {
            try (var turn = gate.enter()) {
                assertThat(turn.obstacle()).isEmpty();
            }
        }
        gate.stop();
        try (var turn = gate.enter()) {
            assertThat(turn.obstacle()).containsInstanceOf(Outcome.Skipped.class);
        }
    }

    @Test
    void one_trouble_counts_once_however_many_requests_it_hits() throws Exception {
        var client = new SlowClient(1);
        client.release.countDown();
        client.code = Optional.of("ConnectionRefused");
        var gate = gate(client, 8);
        send(gate);
        send(gate);
        assertThat(tally.snapshot().pauses()).isOne();
        assertThat(tally.snapshot().refused()).isEqualTo(2);
    }

    private ConnectionGate gate(EwsClient client, int concurrency) {
        return new ConnectionGate("onprem", client, new ConnectionLimits(concurrency, 0), tally, clock, () -> 0.5);
    }

    private static Object send(ConnectionGate gate) throws InterruptedException {
        try (var turn = gate.enter()) {
            return turn.send(ADA, REQUEST);
        }
    }

    /// Answers when released, and counts how many wait for that.
    private static final class SlowClient implements EwsClient {
        final CountDownLatch both;
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger now = new AtomicInteger();
        Optional<String> code = Optional.of("ErrorServerBusy");

        SlowClient(int expected) {
            both = new CountDownLatch(expected);
        }

        @Override
        public <R> EwsAnswer<R> send(MailboxAddress mailbox, EwsRequest<R> request) {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            both.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            now.decrementAndGet();
            return new EwsAnswer.Refused<>(FakeExchange.error(code.orElseThrow()));
        }

        @Override
        public void close() {}
    }
}
