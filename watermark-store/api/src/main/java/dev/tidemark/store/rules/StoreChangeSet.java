package dev.tidemark.store.rules;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventIdFactory;
import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.EventTypes;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.change.JournalRows;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// One unit of work before it is durable: copies of the mailboxes that it edits, and the [Change]s that it adds.
/// Rules fill it, and the [CommittedState] writes and publishes it. Guarantees that no reader sees any of it
/// before it is on stable storage. Not thread-safe; used by one thread under the write lock.
final class StoreChangeSet {
    /// Limit for the events of one entry; a larger notification becomes several entries.
    private static final int MAX_ENTRY_EVENTS = 400;

    private final Function<MailboxId, Optional<MailboxRecord>> published;
    private final Map<MailboxId, MailboxRecord> edited = new LinkedHashMap<>();
    private final Set<MailboxId> saved = new HashSet<>();
    private final Set<MailboxId> journaled = new HashSet<>();
    private final Map<MailboxId, Set<EventKey>> newKeys = new HashMap<>();
    private final List<JournalEntry> entries = new ArrayList<>();
    private final List<Change> added = new ArrayList<>();
    private final List<Change.MailboxForgotten> forgotten = new ArrayList<>();
    private final List<Runnable> reports = new ArrayList<>();
    private final FolderNameCache names;
    private final Instant now;
    private long end;
    private Change.InstanceSaved instance;
    private boolean instanceChanged;

    StoreChangeSet(
            Function<MailboxId, Optional<MailboxRecord>> published,
            FolderNameCache names,
            Instant now,
            long end,
            Change.InstanceSaved instance) {
        this.published = published;
        this.names = names;
        this.now = now;
        this.end = end;
        this.instance = instance;
    }

    /// Returns the time of this change, at which all its events are recorded.
    Instant now() {
        return now;
    }

    /// Returns the mailbox including this change so far; read-only.
    Optional<MailboxRecord> find(MailboxId id) {
        var mine = edited.get(id);
        return mine == null ? published.apply(id) : Optional.of(mine);
    }

    /// Returns the mailbox as it was before this change.
    Optional<MailboxRecord> published(MailboxId id) {
        return published.apply(id);
    }

    /// Returns a copy of the mailbox for editing. It reaches the disk within seconds, or with [#save] at once.
    MailboxRecord edit(MailboxRecord seen) {
        journaled.remove(seen.id);
        return edited.computeIfAbsent(seen.id, ignored -> seen.copy());
    }

    /// Writes the mailbox together with this change.
    void save(MailboxRecord record) {
        edited.put(record.id, record);
        saved.add(record.id);
    }

    /// Writes all edited mailboxes together with this change, so that other nodes see each edit.
    void saveEdited() {
        saved.addAll(edited.keySet());
    }

    /// Adds a change that is written together with the others of this unit.
    void add(Change change) {
        added.add(change);
    }

    /// Adds a report of this change, such as a log line. The report runs once readers see the change. A discarded
    /// unit drops its reports, because its rules may run again in another unit.
    void report(Runnable report) {
        reports.add(report);
    }

    List<Runnable> reports() {
        return reports;
    }

    /// Records whether the store is closed cleanly.
    void recordClean(boolean isClean) {
        save(instance.withClean(isClean));
    }

    private void save(Change.InstanceSaved next) {
        instance = next;
        instanceChanged = true;
    }

    /// Leaves out sequence numbers of the instance.
    void skipInstanceSequence(long numbers) {
        save(instance.withSequence(instance.sequence() + numbers));
    }

    /// Assigns the mailbox's next positions and sequence numbers to `drafts`.
    void append(MailboxRecord record, List<EventDraft> drafts, Optional<JournalEntry.ChainData> push) {
        for (var first = 0; first < drafts.size(); first += MAX_ENTRY_EVENTS) {
            var last = Math.min(first + MAX_ENTRY_EVENTS, drafts.size());
            var closing = last == drafts.size();
            var part = push.map(whole -> part(whole, closing));
            appendEntry(record, drafts.subList(first, last), part);
            journaled.add(record.id);
        }
    }

    private static JournalEntry.ChainData part(JournalEntry.ChainData whole, boolean closing) {
        return new JournalEntry.ChainData(
                whole.attempt(),
                whole.chained(),
                closing,
                whole.previous(),
                whole.last(),
                whole.receivedAt(),
                whole.before());
    }

    private void appendEntry(MailboxRecord record, List<EventDraft> nameless, Optional<JournalEntry.ChainData> push) {
        // the current name of a folder becomes a permanent part of the event
        var drafts = nameless.stream().map(draft -> withNames(record.id, draft)).toList();
        append(
                record,
                new JournalEntry(
                        end + 1, Optional.of(record.ref()), record.lastPosition, record.sequence + 1, push, drafts));
    }

    private void append(MailboxRecord record, JournalEntry entry) {
        entries.add(entry);
        end = entry.end();
        MailboxProjector.recordEntry(record, entry);
        var keys = newKeys.computeIfAbsent(record.id, ignored -> new HashSet<>());
        entry.drafts().forEach(draft -> keys.add(draft.key()));
    }

    private EventDraft withNames(MailboxId id, EventDraft draft) {
        return draft.data() instanceof EventData.Change change ? draft.with(names.withNames(id, change)) : draft;
    }

    /// Journals a lifecycle event of the mailbox.
    void appendLifecycleEvent(MailboxRecord record, String type, Map<String, Object> fields) {
        var key = EventIdFactory.ofLifecycle(record.id.value(), type, record.sequence + 1);
        var data = new EventData.Lifecycle(Optional.of(record.ref()), fields);
        append(record, List.of(new EventDraft(key, type, now, Optional.empty(), data)), Optional.empty());
    }

    /// Removes a mailbox for good and journals that, without its address. Returns the row that remains of it.
    Change.MailboxForgotten forget(MailboxRecord record) {
        var ref = record.refWithoutAddress();
        var key = EventIdFactory.ofLifecycle(record.id.value(), EventTypes.FORGOTTEN, record.sequence + 1);
        var data = new EventData.Lifecycle(Optional.of(ref), Map.of("reason", "operator"));
        var draft = new EventDraft(key, EventTypes.FORGOTTEN, now, Optional.empty(), data);
        append(
                record,
                new JournalEntry(
                        end + 1,
                        Optional.of(ref),
                        record.lastPosition,
                        record.sequence + 1,
                        Optional.empty(),
                        List.of(draft)));
        journaled.add(record.id);
        return save(new Change.MailboxForgotten(record.id, record.lastPosition, false));
    }

    /// Writes the row of a forgotten mailbox.
    Change.MailboxForgotten save(Change.MailboxForgotten row) {
        added.add(row);
        forgotten.add(row);
        return row;
    }

    /// Returns the mailboxes that this change removes for good.
    List<Change.MailboxForgotten> forgotten() {
        return forgotten;
    }

    /// Journals a lifecycle event of the instance called `name`.
    void appendInstanceEvent(String name, String type, Map<String, Object> fields) {
        var sequence = instance.sequence() + 1;
        var key = EventIdFactory.ofLifecycle("instance " + name, type, sequence);
        var data = new EventData.Lifecycle(Optional.empty(), fields);
        var draft = new EventDraft(key, type, now, Optional.empty(), data);
        entries.add(new JournalEntry(end + 1, Optional.empty(), 0, sequence, Optional.empty(), List.of(draft)));
        end++;
        save(instance.withSequence(sequence));
    }

    /// Returns whether this change itself has journaled the event.
    boolean contains(MailboxId id, EventKey key) {
        return newKeys.getOrDefault(id, Set.of()).contains(key);
    }

    List<JournalEntry> entries() {
        return entries;
    }

    Map<MailboxId, Set<EventKey>> newKeys() {
        return newKeys;
    }

    Map<MailboxId, MailboxRecord> edited() {
        return edited;
    }

    Set<MailboxId> saved() {
        return saved;
    }

    /// Returns whether a start finds the mailbox's last edit in the journal, unless the edit was more than
    /// progress.
    boolean isJournaled(MailboxId id) {
        return journaled.contains(id);
    }

    long end() {
        return end;
    }

    Change.InstanceSaved instance() {
        return instance;
    }

    /// Returns all changes of this unit, in the order in which they are applied. The rows of the journal come
    /// first, then mailboxes in the order of their first edit, the instance, and the others as added.
    ///
    /// @throws StoreException if a value is too long for the store
    List<Change> changes() {
        var changes = new ArrayList<Change>();
        JournalRows.of(entries, now).forEach(row -> changes.add(new Change.JournalAppended(row)));
        edited.values().stream()
                .filter(record -> saved.contains(record.id))
                .forEach(record -> changes.add(new Change.MailboxSaved(MailboxRecordCodec.row(record, end))));
        if (instanceChanged) {
            changes.add(instance);
        }
        changes.addAll(added);
        return changes;
    }
}
