package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Follows every link of the documents that stays within the project.
final class DocumentLinksTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Map<String, MarkdownPage> PAGES =
            pages(SourceTree.read().files());

    @Test
    void every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading() {
        assertThat(PAGES).containsKeys("README.md", "docs/getting-started.md");
        assertThat(broken(PAGES, path -> Files.exists(ROOT.resolve(path)))).isEmpty();
    }

    @Test
    void a_missing_file_and_a_missing_heading_are_found() {
        var pages = pages(Map.of(
                "docs/a.md",
                "# A\n[b](b.md#the-b-one) [b](b.md#nothing) [c](../c.txt) [self](#a) [far](https://example.com/x)\n"
                        + "```sh\n[no link](x.md)\n```\n`[no link](y.md)`",
                "docs/b.md",
                "## The `B`, one"));
        assertThat(broken(pages, path -> false)).containsExactly("docs/a.md: b.md#nothing", "docs/a.md: ../c.txt");
    }

    private static Map<String, MarkdownPage> pages(Map<String, String> files) {
        return files.entrySet().stream()
                .filter(file -> file.getKey().endsWith(".md"))
                .collect(Collectors.toMap(Map.Entry::getKey, file -> MarkdownPage.of(file.getValue())));
    }

    private static List<String> broken(Map<String, MarkdownPage> pages, Predicate<String> exists) {
        return pages.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(page -> page.getValue().links().stream()
                        .filter(link -> !link.matches("[a-z]+:.*"))
                        .filter(link -> !leadsSomewhere(page.getKey(), link, pages, exists))
                        .map(link -> page.getKey() + ": " + link))
                .toList();
    }

    private static boolean leadsSomewhere(
            String from, String link, Map<String, MarkdownPage> pages, Predicate<String> exists) {
        var parts = link.split("#", 2);
        var target = parts[0].isEmpty() ? from : resolve(from, parts[0]);
        var page = pages.get(target);
        if (parts.length == 1) {
            return page != null || exists.test(target);
        }
        return page != null && page.anchors().contains(parts[1]);
    }

    private static String resolve(String from, String link) {
        return Path.of(from).resolveSibling(link).normalize().toString().replace('\\', '/');
    }
}
