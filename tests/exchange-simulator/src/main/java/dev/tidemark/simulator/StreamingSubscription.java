package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.LoggedEvent;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.SubscriptionId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Streaming subscription and its position in the mailbox's history. No folders means all of them. Thread-safe.
final class StreamingSubscription {
    private static final int MAX_EVENTS = 50;

    private final SubscriptionId id;
    private final MailboxServer server;
    private final SimulatedMailbox mailbox;
    private final Set<String> folders;
    private final Set<ChangeKind> kinds;
    private long place;
    private boolean over;
    private int streams;
    private Instant idleSince;

    StreamingSubscription(
            SubscriptionId id,
            MailboxServer server,
            SimulatedMailbox mailbox,
            Set<String> folders,
            Set<ChangeKind> kinds,
            Instant now) {
        this.id = id;
        this.server = server;
        this.mailbox = mailbox;
        this.folders = Set.copyOf(folders);
        this.kinds = Set.copyOf(kinds);
        this.place = mailbox.end();
        idleSince = now;
    }

    SubscriptionId id() {
        return id;
    }

    MailboxServer server() {
        return server;
    }

    SimulatedMailbox mailbox() {
        return mailbox;
    }

    synchronized void streamOpened() {
        streams++;
    }

    synchronized void streamClosed(Instant now) {
        streams--;
        idleSince = now;
    }

    /// Returns whether no stream is open, and none was after an instant.
    synchronized boolean isIdleSince(Instant latest) {
        return streams == 0 && idleSince.isBefore(latest);
    }

    /// Returns the next unsent events, up to the limit.
    synchronized List<LoggedEvent> next() {
        var stretch = mailbox.after(place, this::matches, MAX_EVENTS);
        over = stretch.forgotten();
        if (!stretch.events().isEmpty()) {
            place = stretch.last();
        }
        return stretch.events();
    }

    /// Returns true after the history behind it was forgotten: the subscription ends then.
    synchronized boolean isOver() {
        return over;
    }

    private boolean matches(LoggedEvent event) {
        return kinds.contains(event.change().kind()) && (folders.isEmpty() || event.concerns(folders));
    }
}
