package dev.tidemark.simulator.mailbox;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Folders, items, and what left a folder. Guarded by the mailbox it belongs to.
final class MailboxContent {
    /// An item that is no longer in a folder: when it had come, and when it left.
    record Gone(ItemId id, SimulatedFolder folder, long arrived, long left) {}

    private final MailboxAddress address;
    private final ExchangeIdGenerator ids;
    private final FolderTree tree;
    private final Map<String, SimulatedItem> items = new LinkedHashMap<>();
    /// Counted as things change: counting afresh at each delivery would take ever longer.
    private final Map<String, Integer> unread = new HashMap<>();
    private final List<Gone> gone = new ArrayList<>();

    MailboxContent(MailboxAddress address, ExchangeIdGenerator ids) {
        this.address = address;
        this.ids = ids;
        this.tree = new FolderTree(ids::folder);
    }

    FolderTree tree() {
        return tree;
    }

    SimulatedFolder newFolder() {
        return new SimulatedFolder("", ids.folder());
    }

    ItemId newId() {
        return ids.item();
    }

    /// By the distinguished name, or by the id.
    SimulatedFolder folder(String name) {
        return find(new FolderRef.Distinguished(name))
                .or(() -> find(new FolderRef.ById(FolderId.of(name))))
                .orElseThrow(() ->
                        new SimulatorException("Mailbox " + address + " has no folder '" + name + "'; try 'inbox'."));
    }

    Optional<SimulatedFolder> find(FolderRef reference) {
        return tree.find(reference);
    }

    /// Adds an item that is as old as it says, or one that was created only now.
    SimulatedItem add(String folder, SimulatedMail mail, Instant created, long counter) {
        var id = ids.item();
        var received = mail.received().orElse(created);
        var messageId = "<" + counter + "." + ids.mailbox() + "@simulated.example>";
        var content =
                new SimulatedItem.Content(mail.subject(), mail.from(), mail.itemClass(), messageId, created, received);
        return put(
                new SimulatedItem(id, folder(folder), content, false, created, SimulatedItem.Stamps.arrived(counter)));
    }

    SimulatedItem put(SimulatedItem item) {
        var before = items.put(item.id().id(), item);
        if (before != null) {
            count(before, -1);
        }
        count(item, 1);
        return item;
    }

    SimulatedItem remove(ItemId id, long counter) {
        var item = require(id);
        items.remove(id.id());
        count(item, -1);
        gone.add(new Gone(id, item.folder(), item.stamps().arrived(), counter));
        return item;
    }

    /// Removes the items that came after a place in the history, and the records of those that left after it.
    void rollBack(long place) {
        items.values().stream()
                .filter(item -> item.stamps().arrived() > place)
                .toList()
                .forEach(item -> {
                    items.remove(item.id().id());
                    count(item, -1);
                });
        gone.removeIf(one -> one.left() > place);
    }

    Optional<SimulatedItem> find(ItemId id) {
        return Optional.ofNullable(items.get(id.id()));
    }

    SimulatedItem require(ItemId id) {
        return find(id).orElseThrow(
                        () -> new SimulatorException("Mailbox " + address + " holds no item " + id.id() + "."));
    }

    /// What lies in the folder, in the order of arrival.
    List<SimulatedItem> in(SimulatedFolder folder) {
        return items.values().stream()
                .filter(item -> item.folder().equals(folder))
                .sorted(Comparator.comparingLong(item -> item.stamps().arrived()))
                .toList();
    }

    List<Gone> goneFrom(SimulatedFolder folder) {
        return gone.stream().filter(one -> one.folder().equals(folder)).toList();
    }

    int unread(SimulatedFolder folder) {
        return unread.getOrDefault(folder.id().id(), 0);
    }

    int total(SimulatedFolder folder) {
        return in(folder).size();
    }

    private void count(SimulatedItem item, int change) {
        if (!item.read()) {
            unread.merge(item.folder().id().id(), change, Integer::sum);
        }
    }
}
