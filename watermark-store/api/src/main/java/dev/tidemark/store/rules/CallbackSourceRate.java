package dev.tidemark.store.rules;

import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/// Call rate of one source. Written under the write lock only; read by any thread.
final class CallbackSourceRate {
    /// Period that counts as one turn: simultaneous notifications say nothing about the next one.
    private static final long BURST_MILLIS = 1000;
    /// Number of turns in the average pace, so that it follows the time of day.
    private static final long AVERAGED_TURNS = 16;

    private final CallbackSource.SourceKey name;
    private final LongAdder callbacks;
    private String lastMailbox = "";
    private long lastTurnMillis;
    private volatile long turns;
    private volatile long paceMillis;
    private volatile long lastCallbackMillis;

    /// @param callbacks counter of the server's callbacks, which outlives this source
    CallbackSourceRate(CallbackSource.SourceKey name, LongAdder callbacks) {
        this.name = name;
        this.callbacks = callbacks;
    }

    CallbackSource.SourceKey name() {
        return name;
    }

    /// Records a callback.
    ///
    /// @param usual false for the first callback of a subscription, which shows its start and not the rate of the
    /// server
    void recordCallback(MailboxId mailbox, Instant at, boolean usual) {
        callbacks.increment();
        var millis = at.toEpochMilli();
        lastCallbackMillis = Math.max(lastCallbackMillis, millis);
        if (usual && !mailbox.value().equals(lastMailbox)) {
            lastMailbox = mailbox.value();
            turn(millis);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void turn(long millis) {
        var gap = millis - lastTurnMillis;
        if (gap < BURST_MILLIS) {
            return;
        }
        if (lastTurnMillis > 0) {
            turns++;
            paceMillis += (gap - paceMillis) / Math.min(turns, AVERAGED_TURNS);
        }
        lastTurnMillis = millis;
    }

    CallbackSource snapshot() {
        return new CallbackSource(
                name.address(),
                name.host(),
                turns,
                Duration.ofMillis(paceMillis),
                Instant.ofEpochMilli(lastCallbackMillis));
    }
}
