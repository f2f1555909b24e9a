package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Returns scripted responses, and empty results after them; records the time of each request.
public final class ScriptedClient implements EwsClient {
    public final AtomicInteger maxInFlight = new AtomicInteger();
    public final AtomicInteger inFlight = new AtomicInteger();
    public final AtomicInteger sent = new AtomicInteger();
    private final Queue<EwsError> script = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch mayAnswer = new CountDownLatch(0);

    public void next(EwsError error) {
        script.add(error);
    }

    public void busy(Duration backOff) {
        next(new EwsError.RetryAfter(new ResponseCode("ErrorServerBusy"), "Busy.", Optional.of(backOff)));
    }

    public void hold() {
        mayAnswer = new CountDownLatch(1);
    }

    public void letGo() {
        mayAnswer.countDown();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        sent.incrementAndGet();
        maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        try {
            mayAnswer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inFlight.decrementAndGet();
        return Optional.ofNullable(script.poll())
                .<EwsResult<R>>map(EwsResult.Refused::new)
                .orElseGet(() -> new EwsResult.Success<>((R) List.of()));
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        throw new AssertionError("The test needs no stream.");
    }

    @Override
    public void close() {}
}
