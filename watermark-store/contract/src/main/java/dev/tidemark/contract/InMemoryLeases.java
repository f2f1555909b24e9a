package dev.tidemark.contract;

import dev.tidemark.store.lease.LeaseStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// [LeaseStore] in memory, for the nodes of one test. Its clock takes the place of the database's. Thread-safe.
public final class InMemoryLeases implements LeaseStore {
    private record KnownNode(NodeIdentity identity, Instant lastSeenAt, Instant aliveUntil, boolean takesWork) {}

    private record HeldLease(Optional<String> session, long number, Instant until) {}

    private final Clock clock;
    private final Map<String, KnownNode> nodes = new TreeMap<>();
    private final Map<String, HeldLease> leases = new TreeMap<>();
    private final List<LeaseCommand> commands = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();

    public InMemoryLeases(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized boolean join(NodeIdentity node, Duration length) {
        return see(node, length, false);
    }

    private boolean see(NodeIdentity node, Duration length, boolean takesWork) {
        var known = nodes.get(node.name());
        if (known != null && isAlive(known) && !known.identity().session().equals(node.session())) {
            return false;
        }
        nodes.put(
                node.name(),
                new KnownNode(node, clock.instant(), clock.instant().plus(length), takesWork));
        return true;
    }

    private boolean isAlive(KnownNode node) {
        return node.aliveUntil().isAfter(clock.instant());
    }

    @Override
    public synchronized LeaseRound renew(NodeIdentity node, Collection<String> resources, Duration length) {
        if (!see(node, length, !resources.isEmpty())) {
            return new LeaseRound(true, List.of(), List.of(), views());
        }
        extend(node, length);
        take(node, resources, length);
        var held = held(node.session());
        var wanted = commands.stream()
                .filter(command ->
                        held.stream().anyMatch(lease -> lease.resource().equals(command.resource())))
                .toList();
        commands.removeAll(wanted);
        return new LeaseRound(false, held, wanted, views());
    }

    private void extend(NodeIdentity node, Duration length) {
        for (var lease : held(node.session())) {
            leases.put(
                    lease.resource(),
                    new HeldLease(
                            Optional.of(node.session()),
                            lease.number(),
                            clock.instant().plus(length)));
        }
    }

    private void take(NodeIdentity node, Collection<String> resources, Duration length) {
        var workers = (int) nodes.values().stream()
                .filter(known -> known.takesWork() && isAlive(known))
                .count();
        var room = LeaseStore.share(resources.size(), workers)
                - held(node.session()).size();
        resources.stream()
                .sorted()
                .filter(this::isFree)
                .limit(Math.max(0, room))
                .forEach(resource -> {
                    var number = Optional.ofNullable(leases.get(resource))
                            .map(HeldLease::number)
                            .orElse(0L);
                    leases.put(
                            resource,
                            new HeldLease(
                                    Optional.of(node.session()),
                                    number + 1,
                                    clock.instant().plus(length)));
                });
    }

    private boolean isFree(String resource) {
        var lease = leases.get(resource);
        return lease == null || lease.session().isEmpty() || !lease.until().isAfter(clock.instant());
    }

    private List<Lease> held(String session) {
        return leases.entrySet().stream()
                .filter(entry ->
                        entry.getValue().session().filter(session::equals).isPresent())
                .map(entry -> new Lease(entry.getKey(), entry.getValue().number()))
                .toList();
    }

    private List<ClusterNode> views() {
        return nodes.values().stream()
                .sorted(Comparator.comparing(node -> node.identity().name()))
                .map(node -> new ClusterNode(
                        node.identity().name(),
                        node.identity().version(),
                        node.identity().startedAt(),
                        node.lastSeenAt(),
                        Duration.ZERO,
                        isAlive(node),
                        node.takesWork(),
                        held(node.identity().session()).stream()
                                .map(Lease::resource)
                                .filter(resource -> !isFree(resource))
                                .toList()))
                .toList();
    }

    @Override
    public synchronized void onChange(Runnable wake) {
        listeners.add(wake);
    }

    @Override
    public synchronized void release(NodeIdentity node, Lease lease) {
        if (held(node.session()).contains(lease)) {
            leases.put(lease.resource(), new HeldLease(Optional.empty(), lease.number(), clock.instant()));
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public synchronized void leave(NodeIdentity node) {
        held(node.session()).forEach(lease -> release(node, lease));
        nodes.values().removeIf(known -> known.identity().session().equals(node.session()));
    }

    @Override
    public synchronized void post(LeaseCommand command) {
        commands.add(command);
        listeners.forEach(Runnable::run);
    }

    @Override
    public void close() {
        // nothing is open
    }
}
