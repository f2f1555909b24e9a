package dev.tidemark.watermark;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// A change to the store before it has happened: copies of what it touches, and what it is going to write.
/// Nothing of it can be seen until it is on stable storage. Used by one thread, under the write lock.
final class Draft {
    /// A notification with more events than this becomes several entries.
    private static final int LONGEST_ENTRY = 400;

    private final Function<MailboxId, Optional<Cell>> published;
    private final Map<MailboxId, Cell> edited = new HashMap<>();
    private final Set<MailboxId> saved = new HashSet<>();
    private final Map<MailboxId, Set<EventKey>> fresh = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Consumer<JdbcRunner.Tx>> statements = new ArrayList<>();
    private final List<Consumer<JdbcRunner.Tx>> undoing = new ArrayList<>();
    private final FolderNames names;
    private final Instant now;
    private long end;
    private long instanceSequence;
    private boolean instanceSpoke;

    Draft(
            Function<MailboxId, Optional<Cell>> published,
            FolderNames names,
            Instant now,
            long end,
            long instanceSequence) {
        this.published = published;
        this.names = names;
        this.now = now;
        this.end = end;
        this.instanceSequence = instanceSequence;
    }

    /// The moment of this change, which all its events are recorded at.
    Instant now() {
        return now;
    }

    /// The mailbox as it is with this change so far; only to be looked at.
    Optional<Cell> find(MailboxId id) {
        var mine = edited.get(id);
        return mine == null ? published.apply(id) : Optional.of(mine);
    }

    /// The mailbox as it was before this change.
    Optional<Cell> published(MailboxId id) {
        return published.apply(id);
    }

    /// A copy of the mailbox to be changed. It reaches the disk within seconds, or with [#save] at once.
    Cell edit(Cell seen) {
        return edited.computeIfAbsent(seen.id, ignored -> seen.copy());
    }

    /// Has the mailbox written together with this change.
    void save(Cell cell) {
        edited.put(cell.id, cell);
        saved.add(cell.id);
    }

    void also(Consumer<JdbcRunner.Tx> statement) {
        statements.add(statement);
    }

    /// A statement that has to be taken back, by `undo`, if nobody knows whether this change was written.
    void also(Consumer<JdbcRunner.Tx> statement, Consumer<JdbcRunner.Tx> undo) {
        statements.add(statement);
        undoing.add(undo);
    }

    List<Consumer<JdbcRunner.Tx>> undoing() {
        return undoing;
    }

    /// Gives `facts` the mailbox's next positions and sequence numbers.
    void append(Cell cell, List<Fact> facts, Optional<Entry.Push> push) {
        for (var first = 0; first < facts.size(); first += LONGEST_ENTRY) {
            var last = Math.min(first + LONGEST_ENTRY, facts.size());
            var closing = last == facts.size();
            var part = push.map(whole -> part(whole, closing));
            appendEntry(cell, facts.subList(first, last), part);
        }
    }

    private static Entry.Push part(Entry.Push whole, boolean closing) {
        return new Entry.Push(
                whole.attempt(),
                whole.chained(),
                closing,
                whole.previous(),
                whole.last(),
                whole.receivedAt(),
                whole.before());
    }

    private void appendEntry(Cell cell, List<Fact> nameless, Optional<Entry.Push> push) {
        // what a folder is called now is part of the event for good
        var facts = nameless.stream().map(fact -> names.named(cell.id, fact)).toList();
        var entry = new Entry(end + 1, Optional.of(cell.ref()), cell.lastPosition, cell.sequence + 1, push, facts);
        entries.add(entry);
        end = entry.end();
        Progress.journalled(cell, entry);
        var keys = fresh.computeIfAbsent(cell.id, ignored -> new HashSet<>());
        facts.forEach(fact -> keys.add(fact.key()));
    }

    /// Journals a lifecycle event of the mailbox.
    void tell(Cell cell, String type, Map<String, Object> fields) {
        var key = EventIds.ofLifecycle(cell.id.value(), type, cell.sequence + 1);
        var data = new EventData.Lifecycle(Optional.of(cell.ref()), fields);
        append(cell, List.of(new Fact(key, type, now, Optional.empty(), data)), Optional.empty());
    }

    /// Journals a lifecycle event of the instance called `name`.
    void tellOfInstance(String name, String type, Map<String, Object> fields) {
        instanceSequence++;
        var key = EventIds.ofLifecycle("instance " + name, type, instanceSequence);
        var data = new EventData.Lifecycle(Optional.empty(), fields);
        var fact = new Fact(key, type, now, Optional.empty(), data);
        entries.add(new Entry(end + 1, Optional.empty(), 0, instanceSequence, Optional.empty(), List.of(fact)));
        end++;
        instanceSpoke = true;
    }

    /// Whether this change itself has journalled the event already.
    boolean holds(MailboxId id, EventKey key) {
        return fresh.getOrDefault(id, Set.of()).contains(key);
    }

    Map<MailboxId, Set<EventKey>> fresh() {
        return fresh;
    }

    Map<MailboxId, Cell> edited() {
        return edited;
    }

    Set<MailboxId> saved() {
        return saved;
    }

    long end() {
        return end;
    }

    long instanceSequence() {
        return instanceSequence;
    }

    /// Whether this change has to be on stable storage before it counts.
    boolean durable() {
        return !entries.isEmpty() || !saved.isEmpty() || !statements.isEmpty();
    }

    /// Whether this change does nothing but append to the journal.
    boolean appendsOnly() {
        return saved.isEmpty() && statements.isEmpty() && !instanceSpoke;
    }

    /// What is to be appended to the journal.
    List<JournalRow> rows() {
        return JournalTable.rows(entries, now);
    }

    void write(JdbcRunner.Tx tx) {
        rows().forEach(row -> JournalTable.insert(tx, row));
        edited.values().stream()
                .filter(cell -> saved.contains(cell.id))
                .forEach(cell -> MailboxTable.save(tx, cell, end));
        if (instanceSpoke) {
            InstanceTable.setSequence(tx, instanceSequence);
        }
        statements.forEach(statement -> statement.accept(tx));
    }
}
