package dev.tidemark.store.listing;

import dev.tidemark.store.model.MailboxSummary;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/// Addresses and ids of all mailboxes as long texts, so that a search passes over adjacent memory instead of
/// visiting each mailbox. The first search takes about 50 bytes per mailbox. One thread at a time reports changes;
/// any thread searches.
final class MailboxSearchText {
    /// Rows of a block. A change of a text makes one block outdated. The text of a block stays below the size at
    /// which G1 allocates separate regions.
    static final int BLOCK_ROWS = 4096;

    private static final int USUAL_LENGTH = 50;

    /// Separates the texts. Addresses and ids never contain it.
    private static final char END = '\n';

    private final List<TextCache<Block>> blocks = new CopyOnWriteArrayList<>();

    /// Texts of adjacent rows.
    ///
    /// @param ends offset behind the texts of each row
    @SuppressWarnings("ArrayRecordComponent") // never copied or changed
    private record Block(String text, int[] ends) {
        static Block of(int first, int rows, IntFunction<Optional<MailboxSummary>> mailboxes) {
            var text = new StringBuilder(rows * USUAL_LENGTH);
            var ends = new int[rows];
            for (var row = 0; row < rows; row++) {
                mailboxes
                        .apply(first + row)
                        .ifPresent(mailbox -> text.append(mailbox.address().value())
                                .append(END)
                                .append(mailbox.id().value())
                                .append(END));
                ends[row] = text.length();
            }
            return new Block(text.toString(), ends);
        }

        void addRowsWith(String part, int first, BitSet found) {
            var row = 0;
            for (var at = text.indexOf(part); at >= 0; at = text.indexOf(part, ends[row])) {
                while (ends[row] <= at) {
                    row++;
                }
                found.set(first + row);
            }
        }
    }

    /// Must be called after each change of a text.
    void changed(int row) {
        while (blocks.size() * BLOCK_ROWS <= row) {
            blocks.add(new TextCache<>());
        }
        blocks.get(row / BLOCK_ROWS).invalidate();
    }

    /// Returns the rows whose address or id contains `part`.
    BitSet rowsWith(String part, MailboxTable table) {
        var found = new BitSet();
        if (part.isEmpty() || part.indexOf(END) >= 0) {
            return found;
        }
        var first = 0;
        for (var block : blocks) {
            var begin = first;
            block.get(() -> Block.of(begin, Math.min(BLOCK_ROWS, table.rows() - begin), table::mailbox))
                    .addRowsWith(part, begin, found);
            first += BLOCK_ROWS;
        }
        return found;
    }
}
