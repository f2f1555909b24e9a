package dev.tidemark.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Page of the documents. Immutable.
///
/// @param prose text outside code blocks
/// @param blocks code blocks, in order
record MarkdownPage(String prose, List<CodeBlock> blocks) {
    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

    /// @param text lines without the indentation of the list that holds the block
    record CodeBlock(String language, String text) {}

    static MarkdownPage of(String markdown) {
        var prose = new StringBuilder();
        var blocks = new ArrayList<CodeBlock>();
        var language = Optional.<String>empty();
        var block = new StringBuilder();
        for (var line : markdown.lines().toList()) {
            var fence = FENCE.matcher(line);
            if (!fence.matches()) {
                (language.isEmpty() ? prose : block).append(line).append('\n');
            } else if (language.isEmpty()) {
                language = Optional.of(fence.group(1));
            } else {
                blocks.add(new CodeBlock(
                        language.get(), block.toString().stripTrailing().stripIndent()));
                block.setLength(0);
                language = Optional.empty();
            }
        }
        return new MarkdownPage(prose.toString(), List.copyOf(blocks));
    }

    /// Returns the targets of all links.
    List<String> links() {
        return LINK.matcher(CODE.matcher(prose).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .toList();
    }

    /// Returns the anchors of all headings, as GitHub makes them.
    Set<String> anchors() {
        return HEADING.matcher(prose)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
