package dev.tidemark.model;

import dev.tidemark.ews.ChangeKind;
import dev.tidemark.ews.FolderId;
import dev.tidemark.ews.ItemId;
import dev.tidemark.ews.ItemSummary;
import dev.tidemark.ews.MailboxEvent.ChangeEvent;
import dev.tidemark.ews.SyncChange;
import dev.tidemark.ews.SyncPage;
import dev.tidemark.ews.SyncState;
import dev.tidemark.ews.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A mailbox as Exchange has it: the history of its inbox is a list, and whatever Exchange tells of it is a
/// place in that list.
final class ModelMailbox {
    /// Events are found by a watermark for so long (docs, watermark).
    static final Duration EVENT_TABLE = Duration.ofDays(30);

    /// An entry of the history; `old` is the id that a moved item had before.
    record Change(ChangeKind kind, String item, Optional<String> old, Instant at) {}

    private record Item(String id, boolean mail, Instant created, Instant modified, int since) {}

    private final String address;
    private final List<Change> history = new ArrayList<>();
    private final Map<String, Item> inbox = new LinkedHashMap<>();
    private int database;
    private int named;

    ModelMailbox(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    List<Change> history() {
        return history;
    }

    int end() {
        return history.size();
    }

    Collection<String> items() {
        return List.copyOf(inbox.keySet());
    }

    /// A mail comes in, or with `mail` false something is made by hand.
    void arrive(boolean mail, Instant at) {
        var id = address + "-" + ++named;
        inbox.put(id, new Item(id, mail, at, at, end()));
        history.add(new Change(ChangeKind.CREATED, id, Optional.empty(), at));
        if (mail) {
            history.add(new Change(ChangeKind.NEW_MAIL, id, Optional.empty(), at));
        }
    }

    void modify(String id, Instant at) {
        inbox.computeIfPresent(id, (same, item) -> new Item(same, item.mail(), item.created(), at, item.since()));
        history.add(new Change(ChangeKind.MODIFIED, id, Optional.empty(), at));
    }

    void delete(String id, Instant at) {
        inbox.remove(id);
        history.add(new Change(ChangeKind.DELETED, id, Optional.empty(), at));
    }

    /// Out of the inbox, which gives it a new id.
    void moveAway(String id, Instant at) {
        inbox.remove(id);
        history.add(new Change(ChangeKind.MOVED, id + "-moved", Optional.of(id), at));
    }

    /// To another database, where the events of before are not known.
    void moveToAnotherDatabase() {
        database++;
    }

    Watermark watermark(int place) {
        return new Watermark("mark:" + database + ":" + place);
    }

    /// The place of a watermark, if it can still be found at `now`.
    Optional<Integer> place(Watermark watermark, Instant now) {
        var parts = watermark.value().split(":", -1);
        var place = Integer.parseInt(parts[2]);
        var known = Integer.parseInt(parts[1]) == database;
        var kept = place == end() || history.get(place).at().isAfter(now.minus(EVENT_TABLE));
        return known && kept ? Optional.of(place) : Optional.empty();
    }

    ChangeEvent event(int place) {
        var change = history.get(place);
        var away = change.old().isPresent();
        return new ChangeEvent(
                change.kind(),
                Optional.of(watermark(place + 1)),
                Optional.of(change.at()),
                ItemId.of(change.item()),
                Optional.of(FolderId.of(away ? "archive" : "inbox")),
                change.old().map(ItemId::of),
                away ? Optional.of(FolderId.of("inbox")) : Optional.empty(),
                OptionalInt.empty());
    }

    /// Changes after the state, or all that is there, at most about `most`, known up to `horizon`. A state is
    /// a place in the history; while the contents are read from zero, it also says up to where they are read.
    SyncPage sync(Optional<SyncState> state, int most, int horizon) {
        var places = state.map(ModelMailbox::places).orElse(List.of(horizon, 0));
        return places.size() == 1
                ? changes(places.getFirst(), most, horizon)
                : contents(places.getFirst(), places.get(1), most, horizon);
    }

    private SyncPage changes(int start, int most, int horizon) {
        var end = Math.min(start + most, horizon);
        var found = new ArrayList<SyncChange>();
        for (var change : history.subList(start, end)) {
            change(change, start).ifPresent(found::add);
        }
        return new SyncPage(state(end), end == horizon, found);
    }

    private Optional<SyncChange> change(Change change, int start) {
        var item = Optional.ofNullable(inbox.get(change.item()));
        return switch (change.kind()) {
            case CREATED -> item.map(there -> new SyncChange.Created(summary(there)));
            case MODIFIED ->
                item.filter(there -> there.since() < start).map(there -> new SyncChange.Updated(summary(there)));
            case DELETED -> Optional.of(new SyncChange.Deleted(ItemId.of(change.item())));
            case MOVED -> change.old().map(old -> new SyncChange.Deleted(ItemId.of(old)));
            case NEW_MAIL, COPIED, FREE_BUSY_CHANGED -> Optional.empty();
        };
    }

    private SyncPage contents(int until, int start, int most, int horizon) {
        var some = inbox.values().stream()
                .filter(item -> item.since() >= start && item.since() < until)
                .limit(most)
                .toList();
        var found = some.stream()
                .<SyncChange>map(item -> new SyncChange.Created(summary(item)))
                .toList();
        return some.size() < most
                ? new SyncPage(state(until), until == horizon, found)
                : new SyncPage(state(until, some.getLast().since() + 1), false, found);
    }

    private static SyncState state(Integer... places) {
        return new SyncState(Stream.of(places).map(String::valueOf).collect(Collectors.joining(":", "state:", "")));
    }

    private static List<Integer> places(SyncState state) {
        return Stream.of(state.value().split(":", -1))
                .skip(1)
                .map(Integer::valueOf)
                .toList();
    }

    private static ItemSummary summary(Item item) {
        return new ItemSummary(
                ItemId.of(item.id()),
                Optional.of(FolderId.of("inbox")),
                item.mail() ? Optional.of(item.created()) : Optional.empty(),
                Optional.of(item.created()),
                Optional.of(item.modified()),
                Optional.of(item.mail() ? "IPM.Note" : "IPM.Post"),
                false);
    }
}
