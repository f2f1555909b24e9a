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

/// Granted push subscription with the parameters of its Subscribe request. No folders means all of them.
record PushSubscription(
        SubscriptionId id,
        MailboxServer server,
        SimulatedMailbox mailbox,
        SubscribeOptions options,
        Watermark watermark,
        long place,
        String version) {
    record SubscribeOptions(Set<String> folders, Set<ChangeKind> kinds, Duration statusFrequency, URI url) {
        SubscribeOptions {
            folders = Set.copyOf(folders);
            kinds = Set.copyOf(kinds);
        }
    }

    boolean matches(LoggedEvent event) {
        return options.kinds().contains(event.change().kind())
                && (options.folders().isEmpty() || event.concerns(options.folders()));
    }
}
