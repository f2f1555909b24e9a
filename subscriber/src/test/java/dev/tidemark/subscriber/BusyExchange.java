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

/// An Exchange that takes its time for everything, and is busy until a certain moment: then it grants
/// subscriptions.
public final class BusyExchange implements EwsClient {
    private static final Duration LATENCY = Duration.ofMillis(200);

    private final SteppedTimeline time;
    private final Instant busyUntil;
    private final List<Instant> sent = new ArrayList<>();
    private final Set<MailboxAddress> granted = new HashSet<>();
    private int underWay;
    private int most;

    public BusyExchange(SteppedTimeline time, Instant busyUntil) {
        this.time = time;
        this.busyUntil = busyUntil;
    }

    /// When each request came.
    public synchronized List<Instant> sent() {
        return List.copyOf(sent);
    }

    /// Who got what was asked for.
    public synchronized Set<MailboxAddress> granted() {
        return Set.copyOf(granted);
    }

    private synchronized void granted(MailboxAddress mailbox) {
        granted.add(mailbox);
    }

    public synchronized int underWay() {
        return underWay;
    }

    /// The most requests that were ever under way at once.
    public synchronized int most() {
        return most;
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
        underWay++;
        most = Math.max(most, underWay);
        var over = new CountDownLatch(1);
        time.schedule(LATENCY, () -> {
            left();
            over.countDown();
        });
        return over;
    }

    private synchronized void left() {
        underWay--;
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
        throw new AssertionError("Nobody needs a stream.");
    }

    @Override
    public void close() {}
}
