package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Holds the push subscriptions of all servers in memory. Thread-safe.
final class PushSenderRegistry {
    private final Map<MailboxAddress, List<PushSender>> senders = new ConcurrentHashMap<>();

    void add(PushSender sender) {
        var ofMailbox = of(sender.subscription().mailbox().address());
        ofMailbox.removeIf(PushSender::closed);
        ofMailbox.add(sender);
    }

    void wake(SimulatedMailbox mailbox) {
        of(mailbox.address()).forEach(PushSender::wake);
    }

    List<PushSender> live(MailboxAddress mailbox) {
        return of(mailbox).stream().filter(sender -> !sender.closed()).toList();
    }

    /// Returns the latest sender of a mailbox that has one.
    PushSender newest(MailboxAddress mailbox) {
        var all = live(mailbox);
        return all.get(all.size() - 1);
    }

    List<PushSender> live() {
        return senders.values().stream()
                .flatMap(Collection::stream)
                .filter(sender -> !sender.closed())
                .toList();
    }

    private List<PushSender> of(MailboxAddress mailbox) {
        return senders.computeIfAbsent(mailbox, key -> new CopyOnWriteArrayList<>());
    }
}
