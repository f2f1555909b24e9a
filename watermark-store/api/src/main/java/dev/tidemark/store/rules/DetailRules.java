package dev.tidemark.store.rules;

import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.DetailQueries;
import dev.tidemark.store.model.DetailCounters;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/// Implements [ItemDetailStore] on the committed state. Its writes are separate from those of callbacks.
final class DetailRules implements ItemDetailStore {
    private final CommittedState committed;
    private final DetailQueries stored;
    private final Predicate<JournalPosition> isForgotten;
    private final LongAdder found = new LongAdder();
    private final LongAdder notFound = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private volatile List<Change.DetailSpanSaved> spans;

    /// @param isForgotten returns whether the event at a position is of a forgotten mailbox
    DetailRules(CommittedState committed, DetailQueries stored, Predicate<JournalPosition> isForgotten) {
        this.committed = committed;
        this.isForgotten = isForgotten;
        this.stored = stored;
        this.spans = stored.spans();
        committed.memory().addFollower(this::follow);
    }

    /// Reads the spans again after another node has changed them.
    private void follow(Change change) {
        if (change instanceof Change.DetailSpanSaved || change instanceof Change.DetailsPruned) {
            spans = stored.spans();
        }
    }

    @Override
    public void setGroups(Set<String> groups) {
        var open = new HashSet<String>();
        spans.stream().filter(span -> span.to().isEmpty()).forEach(span -> open.add(span.group()));
        if (!open.equals(groups)) {
            committed.change(changeSet -> {
                var end = new JournalPosition(changeSet.end());
                stored.spans().stream()
                        .filter(span -> span.to().isEmpty() && !groups.contains(span.group()))
                        .forEach(span -> changeSet.add(closed(span, end)));
                // a group that is removed and added again at one position continues its span
                groups.stream()
                        .filter(group -> !open.contains(group))
                        .forEach(group -> changeSet.add(new Change.DetailSpanSaved(group, end, Optional.empty())));
                return changeSet;
            });
            spans = stored.spans();
        }
    }

    private static Change.DetailSpanSaved closed(Change.DetailSpanSaved span, JournalPosition end) {
        return new Change.DetailSpanSaved(span.group(), span.from(), Optional.of(end));
    }

    @Override
    public boolean wantsDetail(JournalEvent event) {
        var now = spans;
        return !now.isEmpty()
                && event.data() instanceof EventData.Change change
                && change.target() instanceof ItemId
                && change.kind() != ChangeKind.DELETED
                && now.stream().anyMatch(span -> holds(span, change.mailbox().group(), event.position()));
    }

    private static boolean holds(Change.DetailSpanSaved span, String group, JournalPosition position) {
        return span.group().equals(group)
                && position.compareTo(span.from()) > 0
                && span.to().filter(last -> position.compareTo(last) > 0).isEmpty();
    }

    @Override
    public Optional<JournalPosition> oldestWanted() {
        return spans.stream().map(Change.DetailSpanSaved::from).min(JournalPosition::compareTo);
    }

    @Override
    public Optional<ItemDetail> find(JournalPosition position) {
        return stored.find(position);
    }

    @Override
    public void save(Map<JournalPosition, ItemDetail> details) {
        var known = committed.mailboxes().forgottenTotal();
        var wanted = withoutForgotten(details);
        committed
                .change(changeSet -> save(
                        changeSet,
                        committed.mailboxes().forgottenTotal() == known ? wanted : withoutForgotten(details)))
                .forEach(this::count);
    }

    private Map<JournalPosition, ItemDetail> withoutForgotten(Map<JournalPosition, ItemDetail> details) {
        var wanted = new LinkedHashMap<>(details);
        wanted.keySet().removeIf(isForgotten);
        return wanted;
    }

    private List<ItemDetail> save(StoreChangeSet changeSet, Map<JournalPosition, ItemDetail> details) {
        var saved = new ArrayList<ItemDetail>();
        details.forEach((position, detail) -> {
            if (!stored.exists(position)) {
                changeSet.add(new Change.DetailSaved(position, detail));
                saved.add(detail);
            }
        });
        return saved;
    }

    private void count(ItemDetail detail) {
        switch (detail) {
            case ItemDetail.Found ignored -> found.increment();
            case ItemDetail.NotFound ignored -> notFound.increment();
            case ItemDetail.Unavailable ignored -> unavailable.increment();
        }
    }

    @Override
    public DetailCounters counters() {
        return new DetailCounters(found.sum(), notFound.sum(), unavailable.sum());
    }
}
