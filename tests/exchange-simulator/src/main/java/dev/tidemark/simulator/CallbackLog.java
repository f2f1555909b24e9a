package dev.tidemark.simulator;

import dev.tidemark.simulator.callback.CallbackTransport;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Keeps the newest attempts to call a listener back. Thread-safe.
public final class CallbackLog {
    /// One attempt: what was sent, and what came back. A status of 0 means no response; `problem` is empty for an
    /// acknowledged one.
    public record CallbackAttempt(
            long number,
            Instant at,
            MailboxAddress mailbox,
            SubscriptionId subscription,
            URI url,
            String body,
            int status,
            String answer,
            Duration duration,
            boolean acknowledged,
            String problem) {}

    private static final int LIMIT = 2_000;

    private final Deque<CallbackAttempt> newest = new ArrayDeque<>();
    private final BiConsumer<String, String> bodies;
    private long count;

    /// @param bodies receives each callback and its answer, in the sender's thread
    CallbackLog(BiConsumer<String, String> bodies) {
        this.bodies = bodies;
    }

    void add(
            PushSubscription subscription,
            Instant at,
            String body,
            CallbackTransport.CallbackOutcome outcome,
            Duration took) {
        bodies.accept(body, outcome.answer());
        append(subscription, at, body, outcome, took);
    }

    private synchronized void append(
            PushSubscription subscription,
            Instant at,
            String body,
            CallbackTransport.CallbackOutcome outcome,
            Duration took) {
        if (newest.size() == LIMIT) {
            newest.removeFirst();
        }
        newest.add(new CallbackAttempt(
                ++count,
                at,
                subscription.mailbox().address(),
                subscription.id(),
                subscription.options().url(),
                body,
                outcome.httpStatus(),
                outcome.answer(),
                took,
                outcome.status().isPresent(),
                outcome.problem()));
        notifyAll();
    }

    /// Returns the attempts with a higher number, oldest first.
    public synchronized List<CallbackAttempt> after(long number) {
        return newest.stream().filter(attempt -> attempt.number() > number).toList();
    }

    /// Waits until there is an attempt with a higher number, and returns all of them; empty after the wait.
    public synchronized List<CallbackAttempt> after(long number, Duration wait) throws InterruptedException {
        var end = System.nanoTime() + wait.toNanos();
        for (var left = wait.toNanos(); count <= number && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return after(number);
    }

    /// Returns the result of each of the last ten attempts in words.
    synchronized String summary() {
        return newest.stream()
                .skip(Math.max(0, newest.size() - 10L))
                .map(attempt -> attempt.url() + " gave "
                        + (attempt.acknowledged() ? "status " + attempt.status() : attempt.problem()))
                .toList()
                .toString();
    }

    synchronized void clear() {
        newest.clear();
    }
}
