package dev.tidemark.store.rules;

import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;

/// How often one caller calls. Written under the write lock only, read by anybody.
final class CallbackSourceRate {
    /// What comes within it is one turn: several notifications at once say nothing of the next.
    private static final long BURST_MILLIS = 1000;
    /// Turns that the pace is the average of, so that it follows the time of day.
    private static final long REMEMBERED = 16;

    private final CallbackSource.SourceKey name;
    private String lastMailbox = "";
    private long lastTurnMillis;
    private volatile long turns;
    private volatile long paceMillis;
    private volatile long heardMillis;

    CallbackSourceRate(CallbackSource.SourceKey name) {
        this.name = name;
    }

    CallbackSource.SourceKey name() {
        return name;
    }

    /// The first call-back of a subscription says when it was subscribed, not how often its server calls:
    /// then `usual` is false.
    void heard(MailboxId mailbox, Instant at, boolean usual) {
        var millis = at.toEpochMilli();
        heardMillis = Math.max(heardMillis, millis);
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
            paceMillis += (gap - paceMillis) / Math.min(turns, REMEMBERED);
        }
        lastTurnMillis = millis;
    }

    CallbackSource snapshot() {
        return new CallbackSource(
                name.address(), name.host(), turns, Duration.ofMillis(paceMillis), Instant.ofEpochMilli(heardMillis));
    }
}
