package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.RandomChanges;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.store.change.ChangeKey;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.store.sql.RowChange;
import dev.tidemark.store.sql.StoreTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Checks that the tables keep every change exactly, in the last of several versions.
final class PostgresRowsTest {
    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");

    private PostgresStore.PostgresParts parts;

    @BeforeEach
    void open() {
        parts = PostgresStore.PostgresParts.open(
                ReusedSchema.emptied(getClass().getName()).config(), SchemaPreparation.NONE);
    }

    @AfterEach
    void close() {
        parts.close();
    }

    private static boolean isKept(Change change) {
        return !RowChange.of(change).isEmpty();
    }

    /// Returns the rows that must remain, by key.
    private static Map<ChangeKey, Change> remaining(List<Change> changes) {
        var rows = new LinkedHashMap<ChangeKey, Change>();
        for (var change : changes) {
            if (change instanceof Change.DetailsPruned(var upTo)) {
                rows.values().removeIf(isPruned(upTo));
            } else {
                var key = ChangeKey.of(change).orElseThrow();
                rows.remove(key);
                if (!isRemoval(change)) {
                    rows.put(key, change);
                }
            }
        }
        return rows;
    }

    private static Predicate<Change> isPruned(long upTo) {
        return change -> switch (change) {
            case Change.DetailSaved(var position, var ignored) -> position.value() <= upTo;
            case Change.DetailSpanSaved span ->
                span.to().filter(to -> to.value() <= upTo).isPresent();
            default -> false;
        };
    }

    private static boolean isRemoval(Change change) {
        return RowChange.of(change).getFirst() instanceof RowChange.RowRemoved;
    }

    private static String encoded(Change change) {
        var out = new BinaryValueWriter();
        ChangeCodec.write(out, change);
        return change.getClass().getSimpleName() + " " + Arrays.hashCode(out.toBytes());
    }

    @Test
    void rows_of_all_kinds_are_read_back_as_they_were_written_last() {
        var expected = new ArrayList<Change>();
        for (var seed = 0; seed < 40; seed++) {
            var some = RandomChanges.withoutNul(seed).some(60).stream()
                    .filter(PostgresRowsTest::isKept)
                    .toList();
            parts.work().commit(some, NOW);
            expected.addAll(some);
            var found = new ArrayList<String>();
            new StoreTables(parts.readers()).forEach(change -> found.add(encoded(change)));
            var wanted = remaining(expected).values().stream().map(PostgresRowsTest::encoded);
            assertThat(found).containsExactlyInAnyOrderElementsOf(wanted.toList());
        }
        assertThat(expected.stream().map(Object::getClass).distinct()).hasSizeGreaterThan(12);
    }

    @Test
    void a_character_that_the_database_cannot_hold_is_replaced() {
        var sink = new SinkName("crm");
        var status = new SinkStatus(Optional.empty(), true, false, Optional.of("HTTP 500: \u0000"));
        var start = DeliveryPosition.at(JournalPosition.START);
        parts.work().commit(List.of(new Change.SinkSaved(sink, start, status)), NOW);
        assertThat(new StoreTables(parts.readers())
                        .sinks()
                        .status(sink)
                        .orElseThrow()
                        .lastError())
                .contains("HTTP 500: \uFFFD");
    }
}
