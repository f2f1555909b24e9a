package dev.tidemark.store.rules;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventTypes;
import dev.tidemark.store.erasure.MailboxEraser;
import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.Base32Digits;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [MailboxRegistry] on the committed state.
final class RegistryRules implements MailboxRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryRules.class);
    private static final int ID_LENGTH = 16;

    private final CommittedState committed;
    private final RandomGenerator random;
    private final MailboxEraser eraser;
    private final ReentrantLock erasing = new ReentrantLock();

    RegistryRules(CommittedState committed, RandomGenerator random, MailboxEraser eraser) {
        this.committed = committed;
        this.random = random;
        this.eraser = eraser;
    }

    @Override
    public Mailbox enrol(MailboxAddress address, GroupMembership membership) {
        var same = committed.find(address).filter(record -> record.enrolled && record.membership.equals(membership));
        return same.map(MailboxRecord::snapshot)
                .orElseGet(() -> committed.change(changeSet -> enrol(changeSet, address, membership)));
    }

    @Override
    public void enrolAll(Map<MailboxAddress, GroupMembership> memberships) {
        committed.change(changeSet -> {
            memberships.forEach((address, membership) -> {
                if (!isEnrolled(address, membership)) {
                    enrol(changeSet, address, membership);
                }
            });
            return changeSet;
        });
    }

    private static Map<String, Object> byOperator(String comment) {
        return comment.isBlank()
                ? Map.of("reason", "operator")
                : Map.of("reason", "operator", "cause", ChangeLimits.clipped(comment));
    }

    private boolean isEnrolled(MailboxAddress address, GroupMembership membership) {
        return committed
                .find(address)
                .filter(record -> record.enrolled && record.membership.equals(membership))
                .isPresent();
    }

    private Mailbox enrol(StoreChangeSet changeSet, MailboxAddress address, GroupMembership membership) {
        var record = committed
                .find(address)
                .map(changeSet::edit)
                .orElseGet(() -> new MailboxRecord(newId(changeSet), address, membership));
        if (!record.enrolled) {
            record.enrolled = true;
            record.state = new MailboxState.New();
        }
        record.membership = membership;
        changeSet.save(record);
        return record.snapshot();
    }

    private MailboxId newId(StoreChangeSet changeSet) {
        var id = randomId();
        while (changeSet.find(id).isPresent()) {
            id = randomId();
        }
        return id;
    }

    private MailboxId randomId() {
        return new MailboxId("mbx_" + Base32Digits.random(random, ID_LENGTH));
    }

    @Override
    public void remove(MailboxId id) {
        removeAll(List.of(id));
    }

    @Override
    public void removeAll(Collection<MailboxId> ids) {
        committed.change(changeSet -> {
            ids.forEach(id -> changeSet
                    .find(id)
                    .filter(record -> record.enrolled)
                    .ifPresent(seen -> remove(changeSet, changeSet.edit(seen))));
            return changeSet;
        });
    }

    private static void remove(StoreChangeSet changeSet, MailboxRecord record) {
        record.endAttempts();
        record.clearPendingCompensation();
        record.enrolled = false;
        // if the mailbox returns, its watermark does not cover what the fallback had still to find
        record.requestResync(record.degradation.toPushDegradation().map(PushDegradation::since));
        record.degradation = DegradationState.NONE;
        changeSet.appendLifecycleEvent(record, EventTypes.REMOVED, Map.of());
        changeSet.save(record);
        changeSet.report(() -> LOG.info("Mailbox {} ({}) is removed", record.address, record.id));
    }

    @Override
    public boolean rename(MailboxId id, MailboxAddress address) {
        return committed.change(changeSet -> {
            var known = changeSet.find(id).filter(record -> record.enrolled);
            if (known.isEmpty() || committed.find(address).isPresent()) {
                return false;
            }
            var record = changeSet.edit(known.get());
            var before = record.address;
            record.address = address;
            changeSet.save(record);
            changeSet.report(() -> LOG.info("Mailbox {} is {} from now on ({})", before, address, id));
            return true;
        });
    }

    @Override
    public Optional<Mailbox> find(MailboxId id) {
        return committed.find(id).filter(record -> record.enrolled).map(MailboxRecord::snapshot);
    }

    @Override
    public Optional<Mailbox> find(MailboxAddress address) {
        return committed.find(address).filter(record -> record.enrolled).map(MailboxRecord::snapshot);
    }

    @Override
    public Optional<Mailbox> findRemoved(MailboxId id) {
        return committed.find(id).filter(record -> !record.enrolled).map(MailboxRecord::snapshot);
    }

    @Override
    public Optional<Mailbox> findRemoved(MailboxAddress address) {
        return committed.find(address).filter(record -> !record.enrolled).map(MailboxRecord::snapshot);
    }

    @Override
    public Stream<MailboxSummary> removed() {
        return committed.all().stream().filter(record -> !record.enrolled).map(MailboxSummary.class::cast);
    }

    @Override
    public Optional<PendingErasure> beginForgetting(MailboxId id) {
        var removed = committed.change(changeSet -> changeSet
                .find(id)
                .filter(MailboxRecord::isForgettable)
                .map(seen -> changeSet.forget(changeSet.edit(seen))));
        return removed.map(row -> () -> {
            erasing.lock();
            try {
                return erase(row);
            } finally {
                erasing.unlock();
            }
        });
    }

    private ForgottenMailbox erase(Change.MailboxForgotten row) {
        var result = eraser.erase(row);
        committed.change(changeSet -> changeSet.save(row.asErased()));
        LOG.info(
                "Mailbox {} is forgotten; removed {} of its dead letters and {} of its deferred deliveries",
                row.mailbox(),
                result.deadLetters(),
                result.deferred().values().stream().mapToLong(Long::longValue).sum());
        return result;
    }

    /// Removes the rows of forgotten mailboxes that a failure or a kill left. Does nothing while a mailbox is being
    /// forgotten, because the caller has other work.
    void eraseForgotten() {
        if (erasing.tryLock()) {
            try {
                committed.mailboxes().unerased().forEach(this::erase);
            } finally {
                erasing.unlock();
            }
        }
    }

    @Override
    public Collection<Mailbox> all() {
        return committed.all().stream()
                .filter(record -> record.enrolled)
                .sorted(Comparator.comparing((MailboxRecord record) -> record.id))
                .map(MailboxRecord::snapshot)
                .toList();
    }

    @Override
    public MailboxTable table() {
        return committed.mailboxes().table();
    }

    @Override
    public Stream<MailboxSummary> summaries() {
        return committed.all().stream().filter(record -> record.enrolled).map(MailboxSummary.class::cast);
    }

    @Override
    public Map<String, Long> countsByState() {
        return committed.mailboxes().countsByState();
    }

    @Override
    public Stream<MailboxSummary> unhealthy() {
        return committed.mailboxes().unhealthy().map(MailboxSummary.class::cast);
    }

    @Override
    public Collection<MailboxId> withPendingWork() {
        return committed.mailboxes().withPendingWork();
    }

    @Override
    public void pause(MailboxId id, String comment) {
        committed.change(changeSet -> changeSet
                .find(id)
                .filter(MailboxRecord::isServed)
                .map(seen -> {
                    var record = changeSet.edit(seen);
                    record.endAttempts();
                    record.state = new MailboxState.Paused();
                    changeSet.appendLifecycleEvent(record, EventTypes.PAUSED, byOperator(comment));
                    changeSet.save(record);
                    changeSet.report(() -> LOG.info("Mailbox {} ({}) is paused", record.address, id));
                    return record;
                }));
    }

    @Override
    public void resume(MailboxId id, String comment) {
        committed.change(changeSet -> changeSet
                .find(id)
                .filter(record -> record.enrolled && record.isPaused())
                .map(seen -> {
                    var record = changeSet.edit(seen);
                    record.state = record.stateBeforeSubscribe();
                    changeSet.appendLifecycleEvent(record, EventTypes.RESUMED, byOperator(comment));
                    record.schedule(
                            new PendingCompensation(
                                    SubscribeReason.OPERATOR,
                                    changeSet.now(),
                                    false,
                                    comment.isBlank() ? "resumed" : "resumed: " + comment),
                            record.attempts);
                    changeSet.save(record);
                    changeSet.report(() -> LOG.info("Mailbox {} ({}) is resumed", record.address, id));
                    return record;
                }));
    }
}
