package dev.tidemark.compensator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decision table of docs/compensation.md.
record TruthTable(List<Row> rows) {
    private static final String HEAD = "| under way | state |";

    /// Row of the table. `allowed` holds the values that each column matches; a column that matches anything is
    /// left out.
    record Row(int number, Map<String, List<String>> allowed, String decision) {
        boolean fits(Map<String, String> situation) {
            return allowed.entrySet().stream().allMatch(each -> each.getValue().contains(situation.get(each.getKey())));
        }

        @Override
        public String toString() {
            return "row " + number + ": " + allowed + " -> " + decision;
        }
    }

    static TruthTable read() {
        try {
            var lines = Files.readAllLines(Path.of("..", "docs", "compensation.md"));
            var first = lines.stream().filter(line -> line.startsWith(HEAD)).findFirst();
            var start = lines.indexOf(first.orElseThrow());
            var columns = cells(lines.get(start));
            var rows = new ArrayList<Row>();
            for (var line : lines.subList(start + 2, lines.size())) {
                if (!line.startsWith("|")) {
                    break;
                }
                rows.add(row(rows.size() + 1, columns, cells(line)));
            }
            return new TruthTable(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(int number, List<String> columns, List<String> cells) {
        var allowed = new LinkedHashMap<String, List<String>>();
        for (var i = 0; i < columns.size() - 1; i++) {
            if (!cells.get(i).equals("-")) {
                allowed.put(columns.get(i), Arrays.asList(cells.get(i).split(", ", -1)));
            }
        }
        return new Row(number, allowed, cells.getLast());
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    Optional<Row> find(Map<String, String> situation) {
        return rows.stream().filter(row -> row.fits(situation)).findFirst();
    }
}
