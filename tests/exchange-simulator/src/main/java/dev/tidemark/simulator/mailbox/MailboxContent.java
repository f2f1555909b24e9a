package dev.tidemark.simulator.mailbox;

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

/// Folders, items and removed items of a mailbox. Guarded by the mailbox.
final class MailboxContent {
    /// Removed item with the positions of its arrival and its removal.
    record Gone(ItemId id, SimulatedFolder folder, long arrived, long left) {}

    private final MailboxAddress address;
    private final ExchangeIdGenerator ids;
    private final FolderTree tree;
    private final Map<String, SimulatedItem> items = new LinkedHashMap<>();
    /// Counts are updated with each change; a recount per delivery would take longer and longer.
    private final Map<String, Integer> unread = new HashMap<>();
    private final List<Gone> removed = new ArrayList<>();
    private long removalsKnownAfter;

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

    /// Finds a folder by its distinguished name or its id.
    SimulatedFolder folder(String name) {
        return find(new SimulatedFolderName.Distinguished(name))
                .or(() -> find(new SimulatedFolderName.ById(FolderId.of(name))))
                .orElseThrow(() ->
                        new SimulatorException("Mailbox " + address + " has no folder '" + name + "'; try 'inbox'."));
    }

    Optional<SimulatedFolder> find(SimulatedFolderName reference) {
        return tree.find(reference);
    }

    /// Adds an item with its own creation time, or with `created`.
    SimulatedItem add(String folder, SimulatedMail mail, Instant created, long counter) {
        var id = ids.item();
        var received = mail.received().orElse(created);
        var messageId = "<" + counter + "." + ids.mailbox() + "@simulated.example>";
        var content = new SimulatedItem.Content(
                mail.subject(), mail.from(), mail.itemClass(), messageId, created, received, mail.properties());
        return put(new SimulatedItem(
                id, folder(folder), content, mail.read(), created, SimulatedItem.Stamps.arrived(counter)));
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
        removed.add(new Gone(id, item.folder(), item.stamps().arrived(), counter));
        return item;
    }

    /// Removes the items that arrived after a position, and the records of those removed after it.
    void rollBack(long place) {
        items.values().stream()
                .filter(item -> item.stamps().arrived() > place)
                .toList()
                .forEach(item -> {
                    items.remove(item.id().id());
                    count(item, -1);
                });
        removed.removeIf(one -> one.left() > place);
    }

    Optional<SimulatedItem> find(ItemId id) {
        return Optional.ofNullable(items.get(id.id()));
    }

    SimulatedItem require(ItemId id) {
        return find(id).orElseThrow(
                        () -> new SimulatorException("Mailbox " + address + " holds no item " + id.id() + "."));
    }

    int size() {
        return items.size();
    }

    /// Returns the item that was added first.
    ItemId oldest() {
        return items.values().iterator().next().id();
    }

    /// Drops the records of the oldest removals beyond a limit.
    void forgetRemovals(RetentionLimits limits) {
        var gone = limits.surplus(removed);
        if (gone > 0) {
            removalsKnownAfter = removed.get(gone - 1).left();
            removed.subList(0, gone).clear();
        }
    }

    /// Returns the position after which every removal is known.
    long removalsKnownAfter() {
        return removalsKnownAfter;
    }

    /// Returns the items of the folder in the order of arrival.
    List<SimulatedItem> itemsIn(SimulatedFolder folder) {
        return items.values().stream()
                .filter(item -> item.folder().equals(folder))
                .sorted(Comparator.comparingLong(item -> item.stamps().arrived()))
                .toList();
    }

    List<Gone> removedFrom(SimulatedFolder folder) {
        return removed.stream().filter(one -> one.folder().equals(folder)).toList();
    }

    int unread(SimulatedFolder folder) {
        return unread.getOrDefault(folder.id().id(), 0);
    }

    int total(SimulatedFolder folder) {
        return itemsIn(folder).size();
    }

    private void count(SimulatedItem item, int change) {
        if (!item.read()) {
            unread.merge(item.folder().id().id(), change, Integer::sum);
        }
    }
}
