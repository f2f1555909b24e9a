package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.ExchangeIdGenerator;
import dev.tidemark.simulator.mailbox.MailboxEventLog;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Mailboxes of the organization, and those that the caller may not impersonate. Thread-safe.
final class SimulatedOrganization {
    private final Map<MailboxAddress, SimulatedMailbox> mailboxes = new ConcurrentHashMap<>();
    private final Set<MailboxAddress> order = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Map<MailboxAddress, ExchangeIdGenerator> ids = new ConcurrentHashMap<>();
    private final Set<MailboxAddress> denied = ConcurrentHashMap.newKeySet();
    private final SimulatedDirectory directory = new SimulatedDirectory(this::addresses);
    private final AtomicLong counter = new AtomicLong(568_900_000);
    private final Random random;
    private final UUID database;
    private final List<MailboxServer> servers;
    private final Map<MailboxAddress, MailboxServer> homes = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final SimulatedMailbox.Dependencies dependencies;

    SimulatedOrganization(long seed, SimulatedMailbox.Dependencies dependencies) {
        this(seed, MailboxServer.several(1), dependencies);
    }

    SimulatedOrganization(long seed, List<MailboxServer> servers, SimulatedMailbox.Dependencies dependencies) {
        this.servers = List.copyOf(servers);
        this.dependencies = dependencies;
        random = new Random(seed);
        database = uuid();
    }

    SimulatedMailbox add(MailboxAddress address) {
        server(address);
        return mailboxes.computeIfAbsent(address, key -> {
            order.add(address);
            var log = new MailboxEventLog(database, counter, dependencies.retention());
            return new SimulatedMailbox(address, ids(address), log, dependencies);
        });
    }

    /// Returns the server of a mailbox. Mailboxes are assigned round-robin, in the order of their first
    /// request.
    MailboxServer server(MailboxAddress address) {
        return homes.computeIfAbsent(address, key -> servers.get(next.getAndIncrement() % servers.size()));
    }

    List<MailboxServer> servers() {
        return servers;
    }

    /// Returns the addresses in the order of their creation.
    List<MailboxAddress> inOrder() {
        return List.copyOf(order);
    }

    /// Returns the address of the mailbox that has this GUID in its ids.
    Optional<MailboxAddress> ownerOf(UUID mailbox) {
        return inOrder().stream()
                .filter(address -> ids(address).mailbox().equals(mailbox))
                .findFirst();
    }

    Optional<SimulatedMailbox> find(MailboxAddress address) {
        return Optional.ofNullable(mailboxes.get(address));
    }

    SimulatedDirectory directory() {
        return directory;
    }

    private Set<MailboxAddress> addresses() {
        return mailboxes.keySet();
    }

    Map<MailboxAddress, SimulatedMailbox> all() {
        return Map.copyOf(mailboxes);
    }

    void remove(MailboxAddress address) {
        order.remove(address);
        mailboxes.remove(address);
    }

    ExchangeIdGenerator ids(MailboxAddress address) {
        return ids.computeIfAbsent(address, key -> new ExchangeIdGenerator(uuid()));
    }

    Set<MailboxAddress> denied() {
        return denied;
    }

    /// Returns a GUID from the seed, so that a run can be repeated.
    synchronized UUID uuid() {
        var version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
        var variant2 = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE;
        return new UUID(version4, variant2);
    }
}
