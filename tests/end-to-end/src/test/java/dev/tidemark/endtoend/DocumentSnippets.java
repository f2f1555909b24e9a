package dev.tidemark.endtoend;

import dev.tidemark.endtoend.DocumentSnippet.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Finds the snippets of a page that may hold commands: blocks, indented lines and code spans.
final class DocumentSnippets {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "shell", "console");
    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern INDENTED = Pattern.compile(" {4}(\\S.*)");

    private final String file;
    private final List<DocumentSnippet> found = new ArrayList<>();
    private Optional<String> language = Optional.empty();
    private final StringBuilder block = new StringBuilder();
    private int blockLine;
    private List<Integer> commandColumns = List.of();
    private boolean inTable;

    private DocumentSnippets(String file) {
        this.file = file;
    }

    /// Returns the snippets of the commands of README and `docs`, without the decisions of `docs/adr`.
    static List<DocumentSnippet> ofDocuments(Map<String, String> files) {
        return files.entrySet().stream()
                .filter(file -> file.getKey().matches("(README|CONTRIBUTING|docs/[^/]+)\\.md"))
                .sorted(Map.Entry.comparingByKey())
                .flatMap(file -> of(file.getKey(), file.getValue()).stream())
                .toList();
    }

    static List<DocumentSnippet> of(String file, String markdown) {
        var reader = new DocumentSnippets(file);
        var lines = markdown.lines().toList();
        IntStream.range(0, lines.size()).forEach(i -> reader.read(i + 1, lines.get(i)));
        return List.copyOf(reader.found);
    }

    private void read(int number, String line) {
        var fence = FENCE.matcher(line);
        if (fence.matches()) {
            language.ifPresentOrElse(this::endBlock, () -> language = Optional.of(fence.group(1)));
            blockLine = block.isEmpty() ? number + 1 : blockLine;
            return;
        }
        if (language.isPresent()) {
            block.append(line).append('\n');
        } else if (line.startsWith("|")) {
            readRow(number, line);
        } else {
            inTable = false;
            readProse(number, line);
        }
    }

    private void endBlock(String name) {
        var text = block.toString().stripTrailing().stripIndent();
        if (SHELLS.contains(name)) {
            add(blockLine, Kind.SHELL, text);
        } else if (name.equals("powershell")) {
            add(blockLine, Kind.POWERSHELL, text);
        }
        block.setLength(0);
        language = Optional.empty();
    }

    private void readRow(int number, String line) {
        var cells = CELL_END.split(line, -1);
        if (!inTable) {
            commandColumns = IntStream.range(0, cells.length)
                    .filter(i -> cells[i].strip().equals("command"))
                    .boxed()
                    .toList();
            inTable = true;
        }
        for (var i = 0; i < cells.length; i++) {
            addSpans(number, commandColumns.contains(i) ? Kind.CELL : Kind.SPAN, cells[i].replace("\\|", "|"));
        }
    }

    private void readProse(int number, String line) {
        var indented = INDENTED.matcher(line);
        if (indented.matches()) {
            add(number, Kind.SPAN, indented.group(1));
        }
        addSpans(number, Kind.SPAN, line);
    }

    private void addSpans(int number, Kind kind, String text) {
        SPAN.matcher(text).results().forEach(span -> add(number, kind, span.group(1)));
    }

    private void add(int line, Kind kind, String text) {
        found.add(new DocumentSnippet(file, line, kind, text));
    }
}
