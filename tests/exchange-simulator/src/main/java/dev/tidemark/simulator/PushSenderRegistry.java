package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The subscriptions that the server holds in memory, and nowhere else.
final class PushSenderRegistry {
    private final Map<MailboxAddress, List<PushSender>> lanes = new ConcurrentHashMap<>();

    void add(PushSender lane) {
        var ofMailbox = of(lane.subscription().mailbox().address());
        ofMailbox.removeIf(PushSender::closed);
        ofMailbox.add(lane);
    }

    void ring(SimulatedMailbox mailbox) {
        of(mailbox.address()).forEach(PushSender::poke);
    }

    List<PushSender> live(MailboxAddress mailbox) {
        return of(mailbox).stream().filter(lane -> !lane.closed()).toList();
    }

    List<PushSender> live() {
        return lanes.values().stream()
                .flatMap(Collection::stream)
                .filter(lane -> !lane.closed())
                .toList();
    }

    private List<PushSender> of(MailboxAddress mailbox) {
        return lanes.computeIfAbsent(mailbox, key -> new CopyOnWriteArrayList<>());
    }
}
