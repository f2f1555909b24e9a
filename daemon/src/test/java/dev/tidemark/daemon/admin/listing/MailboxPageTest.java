package dev.tidemark.daemon.admin.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.admin.listing.MailboxPage.MailboxOrder;
import dev.tidemark.store.listing.MailboxColumns;
import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.listing.RowOrder;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MailboxPageTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final String IDS = "abcdefghijkmnpqrstuvwxyz";

    private final List<Mailbox> mailboxes = new ArrayList<>();

    private void add(String name, MailboxState state, Duration silence, String... error) {
        mailboxes.add(mailbox(mailboxes.size(), name, "inboxes", state, silence, error));
    }

    private static Mailbox mailbox(
            int number, String name, String group, MailboxState state, Duration silence, String... error) {
        return new Mailbox(
                new MailboxId("mbx_" + String.valueOf(IDS.charAt(number)).repeat(16)),
                new MailboxAddress(name + "@example.com"),
                new GroupMembership(group, false),
                state,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.of(new StoredWatermark(new Watermark("AQAA"), NOON.minus(silence.multipliedBy(2)))),
                Optional.empty(),
                Optional.of(NOON.minus(silence)),
                true,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                error.length == 0 ? Optional.empty() : Optional.of(error[0]),
                Optional.empty(),
                Optional.empty());
    }

    private void addAll() {
        add("zoe", new MailboxState.Active(), Duration.ofMinutes(1));
        add("bob", new MailboxState.Paused(), Duration.ofHours(9));
        add("ada", new MailboxState.Active(), Duration.ofMinutes(5), "ErrorAccessDenied");
        add("eve", new MailboxState.Failed("code", "text"), Duration.ofMinutes(2));
        add("dan", new MailboxState.Silent(), Duration.ofMinutes(30));
        add("cleo", new MailboxState.Silent(), Duration.ofMinutes(40));
    }

    private MailboxTable table() {
        return MailboxColumns.of(mailboxes.stream().map(MailboxSummary.class::cast));
    }

    private Optional<MailboxPage> select(MailboxOrder order, Optional<String> after, int limit) {
        return MailboxPage.select(
                table(), new MailboxQuery(order, group -> true, Optional.empty(), Optional.empty(), after, limit));
    }

    private MailboxPage page(MailboxOrder order, Optional<String> after, int limit) {
        return select(order, after, limit).orElseThrow();
    }

    private static List<String> names(MailboxPage page) {
        return page.items().stream()
                .map(each -> each.address().value().replace("@example.com", ""))
                .toList();
    }

    @Test
    void what_needs_an_operator_comes_first() {
        addAll();

        assertThat(names(page(MailboxOrder.WORST, Optional.empty(), 10)))
                .containsExactly("eve", "cleo", "dan", "ada", "bob", "zoe");
    }

    @Test
    void the_other_orders_follow_their_field() {
        addAll();

        assertThat(names(page(MailboxOrder.ADDRESS, Optional.empty(), 2))).containsExactly("ada", "bob");
        assertThat(names(page(MailboxOrder.HEARD, Optional.empty(), 2))).containsExactly("bob", "cleo");
        assertThat(names(page(MailboxOrder.WATERMARK, Optional.empty(), 2))).containsExactly("bob", "cleo");
        assertThat(names(page(MailboxOrder.ID, Optional.empty(), 2))).containsExactly("zoe", "bob");
    }

    @ParameterizedTest
    @EnumSource
    void a_walk_over_the_pages_meets_each_mailbox_once(MailboxOrder order) {
        addAll();
        var met = new ArrayList<String>();
        var page = page(order, Optional.empty(), 4);
        met.addAll(names(page));
        assertThat(page.total()).isEqualTo(6);
        page = page(order, page.next(), 4);
        met.addAll(names(page));

        assertThat(page.next()).isEmpty();
        assertThat(met).containsExactlyElementsOf(names(page(order, Optional.empty(), 10)));
    }

    @Test
    void a_full_last_page_has_no_next_one() {
        addAll();

        assertThat(page(MailboxOrder.WORST, Optional.empty(), 6).next()).isEmpty();
    }

    @Test
    void a_position_of_another_order_is_none() {
        addAll();
        var next = page(MailboxOrder.WORST, Optional.empty(), 2).next();

        assertThat(select(MailboxOrder.HEARD, next, 2)).isEmpty();
        assertThat(select(MailboxOrder.WORST, Optional.of("mbx_a"), 2)).isEmpty();
    }

    @Test
    void the_position_by_id_is_the_id() {
        addAll();

        assertThat(page(MailboxOrder.ID, Optional.empty(), 1).next())
                .hasValue(mailboxes.getFirst().id().value());
    }

    @Test
    void a_page_of_many_is_the_beginning_of_all_sorted() {
        IntStream.range(0, IDS.length())
                .forEach(number -> add(
                        "user" + (char) ('z' - number),
                        new MailboxState.Active(),
                        Duration.ofMinutes(number * 7L % 24)));

        assertThat(names(page(MailboxOrder.ADDRESS, Optional.empty(), 5)))
                .isEqualTo(names(page(MailboxOrder.ADDRESS, Optional.empty(), 1000))
                        .subList(0, 5));
    }

    private List<String> selected(Optional<String> group, Optional<String> state, Optional<String> text) {
        var query = new MailboxQuery(
                MailboxOrder.ADDRESS,
                name -> group.filter(wanted -> !wanted.equals(name)).isEmpty(),
                state,
                text,
                Optional.empty(),
                10);
        var page = MailboxPage.select(table(), query).orElseThrow();
        assertThat(page.total()).isEqualTo(page.items().size());
        return names(page);
    }

    @Test
    void a_query_selects_by_state_group_and_text() {
        addAll();

        assertThat(selected(Optional.empty(), Optional.of("silent"), Optional.empty()))
                .containsExactly("cleo", "dan");
        assertThat(selected(Optional.of("inboxes"), Optional.of("active"), Optional.empty()))
                .containsExactly("ada", "zoe");
        assertThat(selected(Optional.of("others"), Optional.empty(), Optional.empty()))
                .isEmpty();
        assertThat(selected(Optional.empty(), Optional.empty(), Optional.of("eo@exa")))
                .containsExactly("cleo");
        assertThat(selected(Optional.empty(), Optional.empty(), Optional.of("bbbb")))
                .containsExactly("bob");
    }

    @Test
    void a_page_behind_a_mailbox_that_is_gone_continues_there() {
        addAll();
        var next = page(MailboxOrder.ADDRESS, Optional.empty(), 2).next();
        mailboxes.removeIf(each -> each.address().value().startsWith("bob"));

        assertThat(names(page(MailboxOrder.ADDRESS, next, 2))).containsExactly("cleo", "dan");
    }

    /// Table whose rows change between their selection and the page.
    private MailboxTable changing(UnaryOperator<Optional<MailboxSummary>> change) {
        var table = table();
        return new MailboxTable() {
            @Override
            public int rows() {
                return table.rows();
            }

            @Override
            public int state(int row) {
                return table.state(row);
            }

            @Override
            public boolean hasError(int row) {
                return table.hasError(row);
            }

            @Override
            public int group(int row) {
                return table.group(row);
            }

            @Override
            public List<String> groups() {
                return table.groups();
            }

            @Override
            public long lastHeardMillis(int row) {
                return table.lastHeardMillis(row);
            }

            @Override
            public long watermarkMillis(int row) {
                return table.watermarkMillis(row);
            }

            @Override
            public Optional<MailboxSummary> mailbox(int row) {
                return change.apply(table.mailbox(row));
            }

            @Override
            public RowOrder byId() {
                return table.byId();
            }

            @Override
            public RowOrder byAddress() {
                return table.byAddress();
            }

            @Override
            public BitSet rowsWith(String part) {
                return table.rowsWith(part);
            }
        };
    }

    private MailboxPage changedPage(UnaryOperator<Optional<MailboxSummary>> change) {
        var query = new MailboxQuery(
                MailboxOrder.ID, "inboxes"::equals, Optional.empty(), Optional.empty(), Optional.empty(), 2);
        return MailboxPage.select(changing(change), query).orElseThrow();
    }

    @Test
    void a_mailbox_that_moves_to_a_hidden_group_during_the_request_is_left_out() {
        addAll();
        var moved = mailbox(0, "zoe", "secret", new MailboxState.Active(), Duration.ZERO);

        var page = changedPage(
                found -> found.filter(each -> !each.id().equals(moved.id())).or(() -> Optional.of(moved)));

        assertThat(names(page)).containsExactly("bob");
    }

    @Test
    void a_mailbox_that_is_renamed_during_the_search_is_left_out() {
        addAll();
        var renamed = mailbox(1, "robert", "inboxes", new MailboxState.Active(), Duration.ZERO);
        var query = new MailboxQuery(
                MailboxOrder.ID, "inboxes"::equals, Optional.empty(), Optional.of("bob"), Optional.empty(), 2);

        assertThat(names(MailboxPage.select(table(), query).orElseThrow())).containsExactly("bob");
        assertThat(MailboxPage.select(changing(found -> Optional.of(renamed)), query)
                        .orElseThrow()
                        .items())
                .isEmpty();
    }

    @Test
    void a_row_that_another_mailbox_takes_over_is_left_out_and_the_next_page_continues_behind_it() {
        addAll();
        var other = mailbox(20, "other", "inboxes", new MailboxState.Active(), Duration.ZERO);

        var page = changedPage(found -> Optional.of(other));

        assertThat(page.items()).isEmpty();
        assertThat(page.next()).hasValue(mailboxes.get(1).id().value());
    }

    @Test
    void a_page_whose_mailboxes_are_all_removed_is_not_the_last_one() {
        addAll();

        var page = changedPage(found -> Optional.empty());

        assertThat(page.items()).isEmpty();
        assertThat(page.next()).hasValue(mailboxes.get(1).id().value());
    }
}
