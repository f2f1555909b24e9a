package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.subscriber.connection.SteppedTimeline;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Exchange with a latency for every request. It is busy until an instant, and grants subscriptions from then
/// on. Thread-safe.
public final class BusyExchange implements EwsClient {
    private static final Duration LATENCY = Duration.ofMillis(200);

    private final SteppedTimeline time;
    private final Instant busyUntil;
    private final List<Instant> sent = new ArrayList<>();
    private final Set<MailboxAddress> granted = new HashSet<>();
    private int inFlight;
    private int maxInFlight;

    public BusyExchange(SteppedTimeline time, Instant busyUntil) {
        this.time = time;
        this.busyUntil = busyUntil;
    }

    /// Returns the time of each request.
    public synchronized List<Instant> sent() {
        return List.copyOf(sent);
    }

    /// Returns the mailboxes whose subscription was granted.
    public synchronized Set<MailboxAddress> granted() {
        return Set.copyOf(granted);
    }

    private synchronized void granted(MailboxAddress mailbox) {
        granted.add(mailbox);
    }

    public synchronized int inFlight() {
        return inFlight;
    }

    /// Returns the maximum of concurrent requests.
    public synchronized int maxInFlight() {
        return maxInFlight;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        waitFor(arrived());
        var left = Duration.between(time.instant(), busyUntil);
        if (left.isPositive()) {
            return new EwsResult.Refused<>(
                    new EwsError.RetryAfter(new ResponseCode("ErrorServerBusy"), "Busy.", Optional.of(left)));
        }
        granted(mailbox);
        return new EwsResult.Success<>(
                (R) new SubscribeResult(new SubscriptionId("of " + mailbox), Optional.of(new Watermark("w0"))));
    }

    private synchronized CountDownLatch arrived() {
        sent.add(time.instant());
        inFlight++;
        maxInFlight = Math.max(maxInFlight, inFlight);
        var over = new CountDownLatch(1);
        time.schedule(LATENCY, () -> {
            left();
            over.countDown();
        });
        return over;
    }

    private synchronized void left() {
        inFlight--;
    }

    private static void waitFor(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        throw new AssertionError("No test opens a stream.");
    }

    @Override
    public void close() {}
}
