package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.MailboxAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to one Exchange organisation: so many requests at once, so many a second, and none while the
/// organisation as a whole cannot take any. Safe for use by many threads.
final class ConnectionGate {
    private static final Logger log = LoggerFactory.getLogger(ConnectionGate.class);

    private static final String PAUSED = "ConnectionPaused";

    private final String name;
    private final EwsClient client;
    private final Semaphore turns;
    private final Pacer pacer;
    private final Clock clock;
    private final DoubleSupplier chance;
    private final Tally tally;
    private Instant pausedUntil = Instant.MIN;
    private int troubles;
    private volatile boolean stopped;

    ConnectionGate(
            String name, EwsClient client, ConnectionLimits limits, Tally tally, Clock clock, DoubleSupplier chance) {
        this.name = name;
        this.client = client;
        this.turns = new Semaphore(limits.concurrency(), true);
        this.pacer = Pacer.of(limits.requestsPerSecond());
        this.tally = tally;
        this.clock = clock;
        this.chance = chance;
    }

    /// Waits for a turn, whatever the pause. The caller closes it after its request.
    Turn enter() throws InterruptedException {
        turns.acquire();
        try {
            pacer.await();
            return new Turn();
        } catch (InterruptedException e) {
            turns.release();
            throw e;
        }
    }

    /// Nothing is sent any more.
    void stop() {
        stopped = true;
    }

    /// The right to send one request.
    final class Turn implements AutoCloseable {
        /// Why nothing is to be sent now, if so.
        Optional<Outcome> obstacle() {
            if (stopped) {
                return Optional.of(new Outcome.Skipped("Tidemark is stopping"));
            }
            return pausedUntil().map(until -> new Outcome.RetryAt(until, PAUSED, "the connection is held back"));
        }

        <R> EwsAnswer<R> send(MailboxAddress mailbox, EwsRequest<R> request) {
            var answer = client.send(mailbox, request);
            judge(answer);
            return answer;
        }

        @Override
        public void close() {
            turns.release();
        }
    }

    private void judge(EwsAnswer<?> answer) {
        tally.requests.increment();
        switch (answer) {
            case EwsAnswer.Success<?> ignored -> recovered();
            case EwsAnswer.Refused<?> refused -> {
                tally.refused.increment();
                judge(refused.error());
            }
        }
    }

    /// Busy speaks of one mailbox's budget, which is charged even when another account impersonates it (docs,
    /// ews-throttling); an HTTP status or no connection at all speaks of everybody's.
    private void judge(EwsError error) {
        if (error instanceof EwsError.RetryAfter retry && Signs.concernsEverybody(retry)) {
            pause(retry);
        } else {
            recovered();
        }
    }

    private synchronized void pause(EwsError.RetryAfter retry) {
        var now = clock.instant();
        if (now.isBefore(pausedUntil)) {
            return;
        }
        troubles++;
        var length = retry.backOff()
                .map(asked -> Backoff.asked(asked, chance.getAsDouble()))
                .orElseGet(() -> Backoff.after(troubles, chance.getAsDouble()));
        pausedUntil = now.plus(length);
        tally.pauses.increment();
        log.warn("Connection {} is held back until {}: {} {}", name, pausedUntil, retry.code(), retry.text());
    }

    private synchronized void recovered() {
        troubles = 0;
    }

    private synchronized Optional<Instant> pausedUntil() {
        return clock.instant().isBefore(pausedUntil) ? Optional.of(pausedUntil) : Optional.empty();
    }
}
