package dev.tidemark.simulator;

import dev.tidemark.ews.MailboxAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The mailboxes of the organisation, and whom the caller may not impersonate.
final class World {
    private final Map<MailboxAddress, SimulatedMailbox> mailboxes = new ConcurrentHashMap<>();
    private final Map<MailboxAddress, ExchangeIds> ids = new ConcurrentHashMap<>();
    private final Set<MailboxAddress> denied = ConcurrentHashMap.newKeySet();
    private final AtomicLong counter = new AtomicLong(568_900_000);
    private final Random random;
    private final UUID database;
    private final SimulatedMailbox.Surroundings surroundings;

    World(long seed, SimulatedMailbox.Surroundings surroundings) {
        this.surroundings = surroundings;
        random = new Random(seed);
        database = uuid();
    }

    SimulatedMailbox add(MailboxAddress address) {
        return mailboxes.computeIfAbsent(
                address,
                key -> new SimulatedMailbox(address, ids(address), new EventLog(database, counter), surroundings));
    }

    Optional<SimulatedMailbox> find(MailboxAddress address) {
        return Optional.ofNullable(mailboxes.get(address));
    }

    Map<MailboxAddress, SimulatedMailbox> all() {
        return Map.copyOf(mailboxes);
    }

    void remove(MailboxAddress address) {
        mailboxes.remove(address);
    }

    ExchangeIds ids(MailboxAddress address) {
        return ids.computeIfAbsent(address, key -> new ExchangeIds(uuid()));
    }

    Set<MailboxAddress> denied() {
        return denied;
    }

    /// A GUID from the seed, so that a run can be repeated.
    synchronized UUID uuid() {
        var version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
        var variant2 = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE;
        return new UUID(version4, variant2);
    }
}
