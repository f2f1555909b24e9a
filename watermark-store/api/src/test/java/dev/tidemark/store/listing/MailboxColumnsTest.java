package dev.tidemark.store.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MailboxColumnsTest {
    private static final int CHANGES = 2_000;
    private static final int MAILBOXES = 300;
    private static final MailboxState[] STATES = {
        new MailboxState.New(), new MailboxState.Active(), new MailboxState.Failed("code", "text")
    };

    private final Random random = new Random(1);
    private final MailboxColumns columns = new MailboxColumns();
    private final Map<Integer, Integer> rows = new HashMap<>();
    private final Map<Integer, Mailbox> mailboxes = new HashMap<>();

    private Mailbox mailbox(int number) {
        var id = "mbx_" + "aaaaaaaaaaaaa%s".formatted(letters(number));
        var error = random.nextInt(3) == 0;
        return new Mailbox(
                new MailboxId(id),
                new MailboxAddress(letters(MAILBOXES - number) + random.nextInt(3) + "@example.com"),
                new GroupMembership("group-" + random.nextInt(4), false),
                STATES[random.nextInt(STATES.length)],
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                error
                        ? Optional.empty()
                        : Optional.of(
                                new StoredWatermark(new Watermark("AQAA"), Instant.ofEpochMilli(random.nextInt()))),
                Optional.empty(),
                random.nextBoolean() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(random.nextInt())),
                true,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                error ? Optional.of("ErrorAccessDenied") : Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static String letters(int number) {
        return "" + (char) ('a' + number / 100) + (char) ('a' + number / 10 % 10) + (char) ('a' + number % 10);
    }

    private void change() {
        var number = random.nextInt(MAILBOXES);
        var row = rows.getOrDefault(number, MailboxColumns.NO_ROW);
        if (row != MailboxColumns.NO_ROW && random.nextInt(4) == 0) {
            columns.remove(row);
            rows.remove(number);
            mailboxes.remove(number);
        } else {
            var mailbox = mailbox(number);
            rows.put(number, columns.put(row, mailbox));
            mailboxes.put(number, mailbox);
        }
    }

    private Stream<Integer> usedRows() {
        return Stream.iterate(0, row -> row < columns.rows(), row -> row + 1)
                .filter(row -> columns.state(row) != MailboxTable.FREE);
    }

    private Stream<MailboxSummary> inOrder(ToIntFunction<Integer> place) {
        return usedRows()
                .sorted(Comparator.comparingInt(place))
                .map(row -> columns.mailbox(row).orElseThrow());
    }

    @Test
    void holds_the_newest_fields_of_each_mailbox_after_any_changes() {
        for (var step = 0; step < CHANGES; step++) {
            change();
        }
        assertThat(usedRows()).containsExactlyInAnyOrderElementsOf(rows.values());
        rows.forEach((number, row) -> {
            var mailbox = mailboxes.get(number);
            assertThat(columns.mailbox(row)).hasValue(mailbox);
            assertThat(MailboxState.LABELS.get(columns.state(row)))
                    .isEqualTo(mailbox.state().label());
            assertThat(columns.hasError(row)).isEqualTo(mailbox.lastError().isPresent());
            assertThat(columns.groups().get(columns.group(row)))
                    .isEqualTo(mailbox.membership().group());
            assertThat(columns.lastHeardMillis(row)).isEqualTo(mailbox.lastHeardMillis());
            assertThat(columns.watermarkMillis(row))
                    .isEqualTo(mailbox.watermark()
                            .map(taken -> taken.takenAt().toEpochMilli())
                            .orElse(0L));
        });
        assertThat(columns.rows()).isLessThanOrEqualTo(MAILBOXES);
    }

    @Test
    void orders_follow_new_renamed_and_removed_mailboxes() {
        for (var round = 0; round < 20; round++) {
            for (var step = 0; step < CHANGES / 20; step++) {
                change();
            }
            assertThat(inOrder(columns.byId()::place))
                    .extracting(mailbox -> mailbox.id().value())
                    .isSorted();
            assertThat(inOrder(columns.byAddress()::place))
                    .extracting(mailbox -> mailbox.address().value())
                    .isSorted();
        }
    }

    private static boolean contains(MailboxSummary mailbox, String part) {
        return mailbox.address().value().contains(part) || mailbox.id().value().contains(part);
    }

    @Test
    void a_search_finds_the_mailboxes_that_contain_the_text_after_any_changes() {
        for (var round = 0; round < 20; round++) {
            for (var step = 0; step < CHANGES / 20; step++) {
                change();
            }
            for (var part : List.of("a", "b1@", "@example.com", "mbx_", "caa", "com\nmbx", "com\n", "", "absent")) {
                var expected = usedRows()
                        .filter(row ->
                                !part.isEmpty() && contains(columns.mailbox(row).orElseThrow(), part));
                assertThat(columns.rowsWith(part).stream().boxed())
                        .as(part)
                        .containsExactlyElementsOf(expected.toList());
            }
        }
    }

    @Test
    void a_search_reads_all_blocks() {
        var number = 2 * MailboxSearchText.BLOCK_ROWS + 10;
        var one = mailbox(7);
        for (var row = 0; row < number; row++) {
            columns.put(MailboxColumns.NO_ROW, one);
        }
        assertThat(columns.rowsWith(one.id().value()).cardinality()).isEqualTo(number);
        columns.remove(MailboxSearchText.BLOCK_ROWS);
        assertThat(columns.rowsWith(one.id().value()).get(MailboxSearchText.BLOCK_ROWS))
                .isFalse();
        assertThat(columns.rowsWith(one.id().value()).cardinality()).isEqualTo(number - 1);
    }

    @Test
    void an_order_is_kept_until_a_text_changes() {
        var ada = mailbox(1);
        var row = columns.put(MailboxColumns.NO_ROW, ada);
        var order = columns.byId();
        columns.put(row, ada);
        assertThat(columns.byId()).isSameAs(order);
        assertThat(columns.byAddress()).isSameAs(columns.byAddress());
        columns.put(MailboxColumns.NO_ROW, mailbox(2));
        assertThat(columns.byId()).isNotSameAs(order);
    }

    @Test
    void a_text_that_is_not_there_has_the_place_of_the_next_one() {
        columns.put(MailboxColumns.NO_ROW, mailbox(1));
        columns.put(MailboxColumns.NO_ROW, mailbox(3));
        var order = columns.byId();
        assertThat(order.placeBehind("mbx_aaaaaaaaaaaaaaaa")).isZero();
        assertThat(order.placeBehind("mbx_aaaaaaaaaaaaaaab")).isEqualTo(1);
        assertThat(order.placeBehind("mbx_aaaaaaaaaaaaaaac")).isEqualTo(1);
        assertThat(order.placeBehind("mbx_aaaaaaaaaaaaaaaz")).isEqualTo(2);
    }
}
