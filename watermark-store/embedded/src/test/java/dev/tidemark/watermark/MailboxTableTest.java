package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where a row is said to be is a hint: a wrong one costs nothing but order.
final class MailboxTableTest {
    private final BrittleDisk disk = new BrittleDisk();
    private JdbcRunner jdbc;

    @BeforeEach
    void open() {
        SealedFile.register();
        jdbc = new JdbcRunner(disk.url(), "sa", "", Forcing.Effort.NONE);
        jdbc.write(tx ->
                tx.update("CREATE TABLE mailbox (id VARCHAR(20) PRIMARY KEY, address VARCHAR(512) NOT NULL UNIQUE,"
                        + " body VARBINARY(65536) NOT NULL)"));
    }

    @AfterEach
    void close() {
        jdbc.close();
    }

    private static Cell cell(char letter) {
        return new Cell(
                new MailboxId("mbx_" + String.valueOf(letter).repeat(16)),
                new MailboxAddress(letter + "@example.com"),
                new Membership("inboxes", false));
    }

    private void save(Cell cell) {
        jdbc.write(tx -> MailboxTable.save(tx, cell, cell.sequence));
    }

    private List<Long> saved() {
        return MailboxTable.all(jdbc).stream().map(CellCodec.Folded::upTo).toList();
    }

    @Test
    void rows_are_put_in_the_order_in_which_h2_keeps_them_and_unknown_ones_last() {
        var cells = IntStream.of('d', 'b', 'c')
                .mapToObj(letter -> cell((char) letter))
                .toList();
        cells.forEach(this::save);
        cells.forEach(cell -> MailboxTable.place(jdbc, cell));
        var unsaved = cell('a');
        MailboxTable.place(jdbc, unsaved);
        assertThat(Stream.of(unsaved, cells.get(2), cells.get(0), cells.get(1)).sorted(Place.ORDER))
                .containsExactly(cells.get(0), cells.get(1), cells.get(2), unsaved);
        var read = MailboxTable.all(jdbc).stream().map(CellCodec.Folded::cell).sorted(Place.ORDER);
        assertThat(read.map(cell -> cell.id))
                .containsExactlyElementsOf(cells.stream().map(cell -> cell.id).toList());
    }

    @Test
    void a_row_whose_place_is_known_is_saved_again() {
        var cell = cell('a');
        save(cell);
        MailboxTable.place(jdbc, cell);
        cell.sequence = 7;
        save(cell);
        assertThat(saved()).containsExactly(7L);
    }

    @Test
    void a_row_that_is_gone_from_its_place_is_saved_as_a_new_one() {
        var cell = cell('a');
        save(cell);
        MailboxTable.place(jdbc, cell);
        jdbc.write(tx -> tx.update("DELETE FROM mailbox"));
        cell.sequence = 8;
        save(cell);
        assertThat(saved()).containsExactly(8L);
    }
}
