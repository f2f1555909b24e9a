package dev.tidemark.store.rules;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [MailboxRegistry] on the committed state.
final class RegistryRules implements MailboxRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryRules.class);
    private static final char[] ALPHABET = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
    private static final int ID_LENGTH = 16;

    private final CommittedState ledger;
    private final RandomGenerator random;

    RegistryRules(CommittedState ledger, RandomGenerator random) {
        this.ledger = ledger;
        this.random = random;
    }

    @Override
    public Mailbox enrol(MailboxAddress address, GroupMembership membership) {
        var same = ledger.find(address).filter(cell -> cell.enrolled && cell.membership.equals(membership));
        return same.map(MailboxRecord::snapshot)
                .orElseGet(() -> ledger.change(draft -> enrol(draft, address, membership)));
    }

    @Override
    public void enrolAll(Map<MailboxAddress, GroupMembership> memberships) {
        ledger.change(draft -> {
            memberships.forEach((address, membership) -> {
                if (!isEnrolled(address, membership)) {
                    enrol(draft, address, membership);
                }
            });
            return draft;
        });
    }

    private static Map<String, Object> byOperator(String said) {
        return said.isBlank()
                ? Map.of("reason", "operator")
                : Map.of("reason", "operator", "cause", ChangeLimits.clipped(said));
    }

    private boolean isEnrolled(MailboxAddress address, GroupMembership membership) {
        return ledger.find(address)
                .filter(cell -> cell.enrolled && cell.membership.equals(membership))
                .isPresent();
    }

    private Mailbox enrol(StoreChangeSet draft, MailboxAddress address, GroupMembership membership) {
        var cell = ledger.find(address)
                .map(draft::edit)
                .orElseGet(() -> new MailboxRecord(newId(draft), address, membership));
        if (!cell.enrolled) {
            cell.enrolled = true;
            cell.state = new MailboxState.New();
        }
        cell.membership = membership;
        draft.save(cell);
        return cell.snapshot();
    }

    private MailboxId newId(StoreChangeSet draft) {
        var id = randomId();
        while (draft.find(id).isPresent()) {
            id = randomId();
        }
        return id;
    }

    private MailboxId randomId() {
        var text = new StringBuilder("mbx_");
        random.ints(ID_LENGTH, 0, ALPHABET.length).forEach(index -> text.append(ALPHABET[index]));
        return new MailboxId(text.toString());
    }

    @Override
    public void remove(MailboxId id) {
        ledger.change(draft -> draft.find(id).filter(cell -> cell.enrolled).map(seen -> {
            var cell = draft.edit(seen);
            cell.endAttempts();
            cell.clearPendingCompensation();
            cell.enrolled = false;
            cell.degradation = DegradationState.NONE;
            draft.appendLifecycleEvent(cell, EventTypes.REMOVED, Map.of());
            draft.save(cell);
            LOG.info("Mailbox {} ({}) is removed", cell.address, id);
            return cell;
        }));
    }

    @Override
    public Optional<Mailbox> find(MailboxId id) {
        return ledger.find(id).filter(cell -> cell.enrolled).map(MailboxRecord::snapshot);
    }

    @Override
    public Optional<Mailbox> find(MailboxAddress address) {
        return ledger.find(address).filter(cell -> cell.enrolled).map(MailboxRecord::snapshot);
    }

    @Override
    public Collection<Mailbox> all() {
        return ledger.all().stream()
                .filter(cell -> cell.enrolled)
                .sorted(Comparator.comparing((MailboxRecord cell) -> cell.id))
                .map(MailboxRecord::snapshot)
                .toList();
    }

    @Override
    public Collection<MailboxId> withPendingWork() {
        return ledger.withPendingWork();
    }

    @Override
    public void pause(MailboxId id, String said) {
        ledger.change(draft -> draft.find(id).filter(MailboxRecord::isServed).map(seen -> {
            var cell = draft.edit(seen);
            cell.endAttempts();
            cell.state = new MailboxState.Paused();
            draft.appendLifecycleEvent(cell, EventTypes.PAUSED, byOperator(said));
            draft.save(cell);
            LOG.info("Mailbox {} ({}) is paused", cell.address, id);
            return cell;
        }));
    }

    @Override
    public void resume(MailboxId id, String said) {
        ledger.change(draft -> draft.find(id)
                .filter(cell -> cell.enrolled && cell.isPaused())
                .map(seen -> {
                    var cell = draft.edit(seen);
                    cell.state = cell.stateBeforeSubscribe();
                    draft.appendLifecycleEvent(cell, EventTypes.RESUMED, byOperator(said));
                    cell.schedule(
                            new PendingCompensation(
                                    SubscribeReason.OPERATOR,
                                    draft.now(),
                                    false,
                                    said.isBlank() ? "resumed" : "resumed: " + said),
                            cell.attempts);
                    draft.save(cell);
                    LOG.info("Mailbox {} ({}) is resumed", cell.address, id);
                    return cell;
                }));
    }
}
