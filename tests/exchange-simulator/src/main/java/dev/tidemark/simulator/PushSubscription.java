package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.LoggedEvent;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/// What a Subscribe asked for and was granted. No folders means all of them.
record PushSubscription(
        SubscriptionId id,
        MailboxServer server,
        SimulatedMailbox mailbox,
        SubscribeOptions wish,
        Watermark watermark,
        long place,
        String version) {
    record SubscribeOptions(Set<String> folders, Set<ChangeKind> kinds, Duration statusFrequency, URI url) {
        SubscribeOptions {
            folders = Set.copyOf(folders);
            kinds = Set.copyOf(kinds);
        }
    }

    boolean wants(LoggedEvent event) {
        return wish.kinds().contains(event.change().kind())
                && (wish.folders().isEmpty() || event.concerns(wish.folders()));
    }
}
