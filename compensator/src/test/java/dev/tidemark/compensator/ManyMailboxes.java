package dev.tidemark.compensator;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Registry of any number of intact mailboxes, some with a pending compensation.
final class ManyMailboxes implements MailboxRegistry {
    static final GroupSubscriptionConfig PLAN = CompensatorTestBed.plan(Duration.ofDays(1));

    private final Map<MailboxId, CompensatedMailboxes.Builder> all = new HashMap<>();
    private final List<MailboxId> ids = new ArrayList<>();
    private final Set<MailboxId> pending = new HashSet<>();
    private final Clock clock;

    ManyMailboxes(int count, Clock clock) {
        this.clock = clock;
        for (var i = 0; i < count; i++) {
            var id = id(i);
            ids.add(id);
            all.put(
                    id,
                    CompensatedMailboxes.active(id, i, clock.instant().minusSeconds(i % 3600))
                            .fingerprint(PLAN.fingerprint()));
        }
    }

    /// Returns the id of a mailbox. Each number has a different id.
    static MailboxId id(int number) {
        return new MailboxId("mbx_" + letters(number));
    }

    private static String letters(int number) {
        var text = new StringBuilder();
        for (var i = 0; i < 16; i++) {
            text.append((char) ('a' + (number >> (4 * i % 32) & 15)));
        }
        return text.toString();
    }

    MailboxId addPending(int number) {
        var id = ids.get(number);
        var builder = all.get(id);
        builder.due(new PendingCompensation(SubscribeReason.GAP, clock.instant(), false, "gap"));
        pending.add(id);
        return id;
    }

    void settle(MailboxId id) {
        all.get(id).due = Optional.empty();
        pending.remove(id);
    }

    @Override
    public Collection<MailboxId> withPendingWork() {
        return List.copyOf(pending);
    }

    @Override
    public Optional<Mailbox> find(MailboxId id) {
        return Optional.ofNullable(all.get(id)).map(CompensatedMailboxes.Builder::build);
    }

    @Override
    public Collection<Mailbox> all() {
        return all.values().stream().map(CompensatedMailboxes.Builder::build).toList();
    }

    @Override
    public Optional<Mailbox> find(MailboxAddress address) {
        throw new UnsupportedOperationException("Lookup by address is not supported.");
    }

    @Override
    public Mailbox enrol(MailboxAddress address, GroupMembership membership) {
        throw new UnsupportedOperationException("They are there from the start.");
    }

    @Override
    public void remove(MailboxId id) {
        throw new UnsupportedOperationException("They stay.");
    }

    @Override
    public void pause(MailboxId id, String said) {
        throw new UnsupportedOperationException("They go on.");
    }

    @Override
    public void resume(MailboxId id, String said) {
        throw new UnsupportedOperationException("They go on.");
    }
}
