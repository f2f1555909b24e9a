package dev.tidemark.model;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Mailbox as Exchange holds it. Its inbox's history is a list, and everything that Exchange reports is a
/// position in it.
final class ModelMailbox {
    /// Lifetime of events for a watermark (docs, watermark).
    static final Duration EVENT_TABLE = Duration.ofDays(30);

    /// Positions of the items from before the history, one for each.
    private static final int BEFORE_HISTORY = -1000;

    /// Clock by which Exchange dates its events.
    interface StampClock {
        Instant stamp(Instant at);
    }

    /// Entry of the history; `old` is the former id of a moved item, and `stamp` the time by Exchange's clock.
    record Change(ChangeKind kind, String item, Optional<String> old, Instant at, Instant stamp) {}

    /// Current state of an item, with times by Exchange's clock, and its first position in the history.
    record Item(String id, boolean mail, Instant created, Instant modified, int since, UnusualItem oddity) {}

    private final String address;
    private final StampClock clock;
    private final Map<String, CorruptItem> corrupt = new HashMap<>();
    private final List<Change> history = new ArrayList<>();
    private final Map<String, Item> inbox = new LinkedHashMap<>();
    private int database;
    private int named;

    ModelMailbox(String address, StampClock clock) {
        this.address = address;
        this.clock = clock;
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

    /// Adds a received mail, or a manually created item if `mail` is false.
    void arrive(boolean mail, UnusualItem oddity, Instant at) {
        var id = nextId();
        put(id, mail, oddity, at, end());
        note(ChangeKind.CREATED, id, Optional.empty(), at);
        if (mail) {
            note(ChangeKind.NEW_MAIL, id, Optional.empty(), at);
        }
    }

    /// Delivers a mail that no reader can understand.
    void arriveCorrupt(CorruptItem corruption, Instant at) {
        corrupt.put(address + "-" + (named + 1), corruption);
        arrive(true, UnusualItem.NONE, at);
    }

    /// Adds a mail from before the first subscription.
    void seed(Instant at) {
        put(nextId(), true, UnusualItem.NONE, at, BEFORE_HISTORY + named);
    }

    /// Returns whether the item is readable.
    boolean isReadable(String item) {
        return !corrupt.containsKey(item);
    }

    void modify(String id, Instant at) {
        inbox.computeIfPresent(
                id,
                (same, item) ->
                        new Item(same, item.mail(), item.created(), clock.stamp(at), item.since(), item.oddity()));
        note(ChangeKind.MODIFIED, id, Optional.empty(), at);
    }

    void delete(String id, Instant at) {
        inbox.remove(id);
        note(ChangeKind.DELETED, id, Optional.empty(), at);
    }

    /// Moves an item out of the inbox, which changes its id.
    void moveAway(String id, Instant at) {
        inbox.remove(id);
        note(ChangeKind.MOVED, id + "-moved", Optional.of(id), at);
    }

    private String nextId() {
        return address + "-" + ++named;
    }

    private void put(String id, boolean mail, UnusualItem oddity, Instant at, int since) {
        inbox.put(id, new Item(id, mail, clock.stamp(at), clock.stamp(at), since, oddity));
    }

    private void note(ChangeKind kind, String item, Optional<String> old, Instant at) {
        history.add(new Change(kind, item, old, at, clock.stamp(at)));
    }

    /// Moves the mailbox to another database, which does not know earlier events.
    void moveToAnotherDatabase() {
        database++;
    }

    Watermark watermark(int place) {
        return new Watermark("mark:" + database + ":" + place);
    }

    /// Returns the position of a watermark if it is still valid at `now`.
    Optional<Integer> place(Watermark watermark, Instant now) {
        var parts = watermark.value().split(":", -1);
        var place = Integer.parseInt(parts[2]);
        var known = Integer.parseInt(parts[1]) == database;
        var kept = place == end() || history.get(place).at().isAfter(now.minus(EVENT_TABLE));
        return known && kept ? Optional.of(place) : Optional.empty();
    }

    /// Returns the event at a position in the history, as XML.
    String event(int place) {
        var change = history.get(place);
        var mark = watermark(place + 1);
        return Optional.ofNullable(corrupt.get(change.item()))
                .map(corruption -> WireMarkup.corruptEvent(corruption, mark, change.stamp()))
                .orElseGet(() -> WireMarkup.event(change, mark));
    }

    /// Page of a synchronization.
    ///
    /// @param changes changes as they go over the wire
    record Page(String state, boolean last, List<String> changes) {}

    /// Returns changes after the state, or all items, at most about `limit`, known up to `horizon`. A state is a
    /// position in the history. During an initial read it also holds the end of that read.
    Page sync(Optional<SyncState> state, int limit, int horizon) {
        var places = state.map(ModelMailbox::places).orElse(List.of(horizon, BEFORE_HISTORY));
        return places.size() == 1
                ? changes(places.getFirst(), limit, horizon)
                : contents(places.getFirst(), places.get(1), limit, horizon);
    }

    private Page changes(int start, int limit, int horizon) {
        var end = Math.min(start + limit, horizon);
        var found = new ArrayList<String>();
        for (var change : history.subList(start, end)) {
            change(change, start).ifPresent(found::add);
        }
        return new Page(state(end), end == horizon, found);
    }

    private Optional<String> change(Change change, int start) {
        var item = Optional.ofNullable(inbox.get(change.item()));
        return switch (change.kind()) {
            case CREATED -> item.map(this::creation);
            case MODIFIED ->
                item.filter(there -> there.since() < start).map(there -> WireMarkup.change("Update", there));
            case DELETED -> Optional.of(WireMarkup.deletion(change.item()));
            case MOVED -> change.old().map(WireMarkup::deletion);
            case NEW_MAIL, COPIED, FREE_BUSY_CHANGED -> Optional.empty();
        };
    }

    private Page contents(int until, int start, int limit, int horizon) {
        var some = inbox.values().stream()
                .filter(item -> item.since() >= start && item.since() < until)
                .limit(limit)
                .toList();
        var found = some.stream().map(this::creation).toList();
        return some.size() < limit
                ? new Page(state(until), until == horizon, found)
                : new Page(state(until, some.getLast().since() + 1), false, found);
    }

    private String creation(Item item) {
        return Optional.ofNullable(corrupt.get(item.id()))
                .map(WireMarkup::corruptChange)
                .orElseGet(() -> WireMarkup.change("Create", item));
    }

    private static String state(Integer... places) {
        return Stream.of(places).map(String::valueOf).collect(Collectors.joining(":", "state:", ""));
    }

    private static List<Integer> places(SyncState state) {
        return Stream.of(state.value().split(":", -1))
                .skip(1)
                .map(Integer::valueOf)
                .toList();
    }
}
