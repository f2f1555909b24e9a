package dev.tidemark.compensator;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Registry of mailboxes that a test adds directly.
final class FakeRegistry implements MailboxRegistry {
    private final Map<MailboxId, Mailbox> mailboxes = new TreeMap<>();

    private Optional<MailboxId> failing = Optional.empty();

    Mailbox put(CompensatedMailboxes.Builder mailbox) {
        var built = mailbox.build();
        mailboxes.put(built.id(), built);
        return built;
    }

    void failOn(MailboxId id) {
        failing = Optional.of(id);
    }

    @Override
    public void remove(MailboxId id) {
        mailboxes.remove(id);
    }

    @Override
    public Optional<Mailbox> find(MailboxId id) {
        if (Optional.of(id).equals(failing)) {
            throw new IllegalStateException("Simulated unexpected failure.");
        }
        return Optional.ofNullable(mailboxes.get(id));
    }

    @Override
    public Optional<Mailbox> find(MailboxAddress address) {
        return mailboxes.values().stream()
                .filter(mailbox -> mailbox.address().equals(address))
                .findFirst();
    }

    @Override
    public Collection<Mailbox> all() {
        return mailboxes.values();
    }

    @Override
    public Collection<MailboxId> withPendingWork() {
        return mailboxes.values().stream()
                .filter(mailbox -> mailbox.due().isPresent()
                        || mailbox.resyncSince().isPresent()
                        || mailbox.snapshotSince().isPresent()
                        || mailbox.degraded().isPresent())
                .map(Mailbox::id)
                .toList();
    }

    @Override
    public Mailbox enrol(MailboxAddress address, GroupMembership membership) {
        throw new UnsupportedOperationException("Tests put mailboxes.");
    }

    @Override
    public void pause(MailboxId id, String said) {
        throw new UnsupportedOperationException("Tests put mailboxes.");
    }

    @Override
    public void resume(MailboxId id, String said) {
        throw new UnsupportedOperationException("Tests put mailboxes.");
    }
}
