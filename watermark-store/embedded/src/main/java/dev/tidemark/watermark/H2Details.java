package dev.tidemark.watermark;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.watermark.EventData.Change;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// [Details] on a table of their own, written off the way of the call-backs.
final class H2Details implements Details {
    private static final String SPANS = "SELECT group_name, from_position, to_position FROM detail_span";
    private static final String FORGET = "DELETE FROM detail_span WHERE group_name = ? AND from_position = ?";
    private static final String OPEN = "INSERT INTO detail_span (group_name, from_position) VALUES (?, ?)";
    private static final String CLOSE =
            "UPDATE detail_span SET to_position = ? WHERE group_name = ? AND to_position IS NULL";
    private static final String FIND = "SELECT body FROM detail WHERE position = ?";
    private static final String SETTLE = """
            INSERT INTO detail (position, body) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM detail WHERE position = ?)
            """;
    private static final String PRUNE = "DELETE FROM detail WHERE position <= ?";
    private static final String PRUNE_SPANS = "DELETE FROM detail_span WHERE to_position <= ?";

    private final Ledger ledger;
    private final JdbcRunner jdbc;
    private final LongAdder found = new LongAdder();
    private final LongAdder notFound = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private volatile List<Span> spans;

    /// @param to the last position of it; absent while it is open
    private record Span(String group, long from, Optional<Long> to) {
        boolean holds(String name, long position) {
            return group.equals(name)
                    && position > from
                    && to.filter(last -> position > last).isEmpty();
        }
    }

    H2Details(Ledger ledger, JdbcRunner jdbc) {
        this.ledger = ledger;
        this.jdbc = jdbc;
        this.spans = readSpans();
    }

    private List<Span> readSpans() {
        return jdbc.query(SPANS, row -> new Span(row.text(1), row.number(2), row.optional(3, Long.class)));
    }

    @Override
    public void groups(Set<String> groups) {
        var open = new HashSet<String>();
        spans.stream().filter(span -> span.to().isEmpty()).map(Span::group).forEach(open::add);
        if (!open.equals(groups)) {
            ledger.change(draft -> {
                var end = draft.end();
                draft.also(tx -> {
                    open.stream()
                            .filter(group -> !groups.contains(group))
                            .forEach(group -> tx.update(CLOSE, end, group));
                    groups.stream().filter(group -> !open.contains(group)).forEach(group -> {
                        // taken out and in again at one place of the journal, it goes on
                        tx.update(FORGET, group, end);
                        tx.update(OPEN, group, end);
                    });
                });
                return draft;
            });
            spans = readSpans();
        }
    }

    @Override
    public boolean wanted(JournalEvent event) {
        var now = spans;
        return !now.isEmpty()
                && event.data() instanceof Change change
                && change.target() instanceof ItemId
                && change.kind() != ChangeKind.DELETED
                && now.stream()
                        .anyMatch(span -> span.holds(
                                change.mailbox().group(), event.position().value()));
    }

    @Override
    public Optional<Position> oldestWanted() {
        return spans.stream().map(Span::from).min(Long::compare).map(Position::new);
    }

    @Override
    public Optional<Detail> at(Position position) {
        return jdbc.queryOne(FIND, row -> DetailCodec.read(row.bytes(1)), position.value());
    }

    @Override
    public void settle(Map<Position, Detail> details) {
        ledger.change(draft -> {
            draft.also(tx -> details.forEach((position, detail) -> settle(tx, position.value(), detail)));
            return draft;
        });
    }

    private void settle(JdbcRunner.Tx tx, long position, Detail detail) {
        if (tx.update(SETTLE, position, DetailCodec.write(detail), position) > 0) {
            switch (detail) {
                case Detail.Found ignored -> found.increment();
                case Detail.NotFound ignored -> notFound.increment();
                case Detail.Unavailable ignored -> unavailable.increment();
            }
        }
    }

    @Override
    public DetailCounters counters() {
        return new DetailCounters(found.sum(), notFound.sum(), unavailable.sum());
    }

    /// Goes with the events, in the same transaction.
    static void removeTo(JdbcRunner.Tx tx, long position) {
        tx.update(PRUNE, position);
        tx.update(PRUNE_SPANS, position);
    }
}
