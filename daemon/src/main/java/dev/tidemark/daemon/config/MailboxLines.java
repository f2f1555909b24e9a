package dev.tidemark.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Finds addresses in the lines of a list: one per line, or one column of a table. `Export-Csv`, `Select-Object`
/// and spreadsheets write such tables. `#` starts a comment. Not thread-safe.
final class MailboxLines {
    /// Names of the address column: attributes of a recipient that hold its address, and usual names in
    /// spreadsheets.
    private static final Set<String> HEADERS = Set.of(
            "primarysmtpaddress",
            "windowsemailaddress",
            "emailaddress",
            "smtpaddress",
            "address",
            "email",
            "mail",
            "mailbox");

    /// Names of the column of SIDs, as `Get-ADUser` and LDAP tools write them.
    private static final Set<String> SID_HEADERS = Set.of("sid", "objectsid");

    private static final Pattern SID = Pattern.compile("(?i)S-1-.*");

    /// A local part may hold a number sign; a domain may not.
    private static final Pattern COMMENT = Pattern.compile("(^|\\s|@[^\\s\"#]*\"?)#.*");

    /// Lines below a header, and the separator line that spreadsheets write first.
    private static final Pattern ORNAMENT = Pattern.compile("[-\\s]+|sep=.");

    private boolean started;
    private OptionalInt column = OptionalInt.empty();
    private OptionalInt sidColumn = OptionalInt.empty();

    /// Text as written in the line; `at` counts from 0.
    record Cell(String text, int at) {}

    /// Cells of a mailbox.
    record MailboxCells(Cell address, Optional<Cell> sid) {}

    /// Returns the cells of the next line with an address, if any.
    ///
    /// @throws BadValueException if the line holds several addresses
    Optional<MailboxCells> next(String line) throws BadValueException {
        var cells = cells(withoutComment(line));
        if (cells.isEmpty() || ORNAMENT.matcher(AddressText.trimmed(line)).matches()) {
            return Optional.empty();
        }
        var first = !started;
        started = true;
        if (first && cells.stream().noneMatch(MailboxLines::holdsAddress)) {
            column = columnOf(HEADERS, cells);
            sidColumn = columnOf(SID_HEADERS, cells);
            if (column.isPresent()) {
                return Optional.empty();
            }
        }
        return Optional.of(new MailboxCells(addressCell(cells), sidCell(cells)));
    }

    private static OptionalInt columnOf(Set<String> headers, List<Cell> cells) {
        return IntStream.range(0, cells.size())
                .filter(i -> headers.contains(plain(cells.get(i).text())))
                .findFirst();
    }

    /// Returns the filled cell in the column of SIDs. Without such a column, returns the cell that looks like a SID.
    private Optional<Cell> sidCell(List<Cell> cells) {
        return sidColumn.isPresent()
                ? cells.stream()
                        .skip(sidColumn.getAsInt())
                        .limit(1)
                        .filter(cell -> !AddressText.trimmed(cell.text()).isEmpty())
                        .findFirst()
                : cells.stream()
                        .filter(cell ->
                                SID.matcher(AddressText.trimmed(cell.text())).matches())
                        .findFirst();
    }

    private Cell addressCell(List<Cell> cells) throws BadValueException {
        if (column.isPresent() && column.getAsInt() < cells.size() && holdsAddress(cells.get(column.getAsInt()))) {
            return cells.get(column.getAsInt());
        }
        var addresses = cells.stream().filter(MailboxLines::holdsAddress).toList();
        if (addresses.size() > 1) {
            throw new BadValueException(
                    "the line holds " + addresses.size() + " addresses; write one per line, or begin the"
                            + " file with a line of column names, of which one is PrimarySmtpAddress");
        }
        return addresses.isEmpty() ? cells.getFirst() : addresses.getFirst();
    }

    private static String withoutComment(String line) {
        var comment = COMMENT.matcher(line);
        return comment.find() ? line.substring(0, comment.end(1)) : line;
    }

    /// Splits at commas, semicolons, tabs, and two or more blanks, as in a printed table.
    private static List<Cell> cells(String line) {
        var row = new Row(line);
        for (var at = line.length() - line.stripLeading().length(); at < line.length(); at++) {
            row.append(at);
        }
        row.endCell();
        return row.cells.stream()
                        .allMatch(cell -> AddressText.trimmed(cell.text()).isEmpty())
                ? List.of()
                : row.cells;
    }

    private static final class Row {
        private final String line;
        private final List<Cell> cells = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private int start;
        private boolean quoted;

        private Row(String line) {
            this.line = line;
        }

        private void append(int at) {
            var next = line.charAt(at);
            var empty = text.toString().isBlank();
            if (quoted ? next == '"' : next == '"' && empty) {
                quoted = !quoted;
            } else if (!quoted && (next == ',' || next == ';' || next == '\t')) {
                endCell();
            } else if (!quoted && line.startsWith("  ", at)) {
                if (!empty) {
                    endCell();
                }
            } else {
                start = empty ? at : start;
                text.append(next);
            }
        }

        private void endCell() {
            cells.add(new Cell(text.toString(), start));
            text.setLength(0);
        }
    }

    private static boolean holdsAddress(Cell cell) {
        return cell.text().indexOf('@') >= 0;
    }

    private static String plain(String header) {
        return header.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    }
}
