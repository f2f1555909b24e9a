package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Simulated mailbox: folders, items and their event history. Names folders as EWS distinguishes them, e.g.
/// `inbox`. Push notifications follow automatically. Thread-safe.
public final class SimulatedMailbox {
    /// State that all mailboxes of one Exchange share. `clock` is Exchange's. `ring` is called after each change,
    /// outside of any lock.
    public record Dependencies(
            Clock clock, SimulatorLedger ledger, RetentionLimits retention, Consumer<SimulatedMailbox> ring) {}

    private final MailboxAddress address;
    private final Dependencies dependencies;
    private final MailboxEventLog log;
    private final MailboxContent content;

    public SimulatedMailbox(
            MailboxAddress address, ExchangeIdGenerator ids, MailboxEventLog log, Dependencies dependencies) {
        this.address = address;
        this.log = log;
        this.dependencies = dependencies;
        content = new MailboxContent(address, ids);
    }

    public MailboxAddress address() {
        return address;
    }

    /// Returns the folders, for changes.
    public SimulatedFolders folders() {
        return new SimulatedFolders(this);
    }

    /// Delivers a message to the inbox: Created and NewMail events, and the inbox's own change.
    public ItemId deliver(SimulatedMail mail) {
        return deliver("inbox", mail);
    }

    /// Delivers a message to another folder, as an inbox rule does.
    public ItemId deliver(String folder, SimulatedMail mail) {
        return changeItems(work -> {
            var item = work.deliver(folder, mail);
            dependencies.ledger().delivered(address, item.id());
            return item.id();
        });
    }

    public ItemId deliver(String subject) {
        return deliver(SimulatedMail.of(subject));
    }

    /// Adds an item that existed before: no event and no ledger entry.
    public ItemId seed(String folder, SimulatedMail mail) {
        return change(() -> content.add(folder, mail, mail.received().orElse(now()), log.next())
                .id());
    }

    /// Creates an item that no sender delivered: a Created event, and the folder's own change.
    public ItemId create(String folder, SimulatedMail mail) {
        return changeItems(work -> work.create(folder, mail).id());
    }

    public void modify(ItemId id, String subject) {
        update(id, content -> content.with(subject, content.properties()));
    }

    /// Replaces the properties of an item.
    public SimulatedItem update(ItemId id, UnaryOperator<SimulatedItem.Content> edit) {
        return changeItems(work -> work.update(id, edit));
    }

    public void markRead(ItemId id, boolean read) {
        changeItems(work -> work.markRead(id, read));
    }

    /// Deletes an item for good.
    public void delete(ItemId id) {
        changeItems(work -> work.delete(id));
    }

    /// Deletes an item as a user does: it moves to the recoverable items, which changes its id.
    public ItemId softDelete(ItemId id) {
        return move(id, "recoverableitemsdeletions");
    }

    /// Moves an item, which changes its id.
    public ItemId move(ItemId id, String folder) {
        return changeItems(work -> work.move(id, folder).id());
    }

    public ItemId copy(ItemId id, String folder) {
        return changeItems(work -> work.copy(id, folder).id());
    }

    private <T> T changeItems(Function<ItemEditor, T> work) {
        return change(() -> {
            var editor = new ItemEditor(content, log, now());
            var result = work.apply(editor);
            editor.trim(dependencies.retention());
            return result;
        });
    }

    /// Returns the ids of the items in a folder, oldest arrival first.
    public synchronized List<ItemId> items(String folder) {
        return content.itemsIn(content.folder(folder)).stream()
                .map(SimulatedItem::id)
                .toList();
    }

    /// Forgets the history: all earlier watermarks are refused, as after 30 days.
    public synchronized void forgetHistory() {
        log.forget();
    }

    public synchronized void rollBack(Instant moment, RolledBack manner) {
        content.rollBack(log.rollBack(moment, manner));
    }

    public synchronized void moveTo(UUID database) {
        log.moveTo(database);
    }

    public synchronized OptionalLong resume(Watermark watermark) {
        return log.resume(watermark, now());
    }

    public synchronized long end() {
        return log.end();
    }

    public synchronized Watermark watermark(long counter) {
        return log.watermark(counter);
    }

    /// Returns the next events of a subscription, at most `limit`, and the end of the history.
    public synchronized EventRange after(long place, Predicate<LoggedEvent> wanted, int limit) {
        var found = log.after(place, wanted, limit + 1);
        var more = found.size() > limit;
        return new EventRange(more ? found.subList(0, limit) : found, more, log.end(), log.isForgotten(place));
    }

    /// Returns the items of a folder, oldest arrival first.
    public synchronized List<SimulatedItem> itemsIn(SimulatedFolder folder) {
        return content.itemsIn(folder);
    }

    public synchronized Optional<SimulatedFolder> find(SimulatedFolderName reference) {
        return content.find(reference);
    }

    public synchronized Optional<SimulatedItem> item(ItemId id) {
        return content.find(id);
    }

    synchronized SimulatedFolder folder(String name) {
        return content.folder(name);
    }

    /// Reads the content together with the end of the history.
    synchronized <T> T read(BiFunction<MailboxContent, Long, T> question) {
        return question.apply(content, log.end());
    }

    <T> T changeFolders(Function<FolderEditor, T> work) {
        return change(() -> work.apply(new FolderEditor(content, log, now())));
    }

    public synchronized SimulatedItemSync.Page page(SimulatedFolder folder, String state, int limit) {
        return new SimulatedItemSync(content, folder, log::place, log.end()).page(state, limit);
    }

    private <T> T change(Supplier<T> change) {
        T result;
        synchronized (this) {
            result = change.get();
        }
        dependencies.ring().accept(this);
        return result;
    }

    private Instant now() {
        return dependencies.clock().instant();
    }
}
