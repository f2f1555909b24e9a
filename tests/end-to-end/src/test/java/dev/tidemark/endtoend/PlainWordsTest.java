package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Holds the names and sentences of the whole project to the rules of [PlainWords], and the rules to a text that
/// breaks each.
final class PlainWordsTest {
    private static final int LARGEST_PACKAGE = 45;
    private static final int VAGUE_WORDS = 5;
    private static final PlainWords PROJECT = SourceTree.read();

    private static final PlainWords BROKEN = new PlainWords(Map.of(
            "a/src/main/java/x/Told.java", "/// What was told.\nrecord Told() {}\n",
            "b/src/main/java/y/Told.java", "/// Counts.\n///\n/// Where it goes on.\nrecord Told() {}\n",
            "b/src/main/java/y/GoodName.java", "// is done ANEW\n",
            "docs/page.md", "A call-back that nobody\nanswered."));

    @Test
    void the_project_is_found() {
        assertThat(PROJECT.files())
                .containsKey("README.md")
                .containsKey("tests/end-to-end/src/test/java/dev/tidemark/endtoend/PlainWordsTest.java");
    }

    @Test
    void every_simple_name_occurs_once() {
        assertThat(BROKEN.namesThatOccurTwice()).singleElement().asString().startsWith("Told: ");
        assertThat(PROJECT.namesThatOccurTwice()).isEmpty();
    }

    @Test
    void only_words_of_the_domain_name_a_class_alone() {
        assertThat(BROKEN.namesOfOneWord()).containsExactly("Told");
        assertThat(PROJECT.namesOfOneWord()).isEmpty();
    }

    @Test
    void no_package_outgrows_a_reader() {
        assertThat(BROKEN.packagesLargerThan(1)).containsExactly("b/src/main/java/y: 2");
        assertThat(PROJECT.packagesLargerThan(LARGEST_PACKAGE)).isEmpty();
    }

    @Test
    void no_doc_comment_opens_with_a_question_word() {
        assertThat(BROKEN.openingsWithQuestionWord())
                .containsExactly("a/src/main/java/x/Told.java:1 /// What was told.");
        assertThat(PROJECT.openingsWithQuestionWord()).isEmpty();
    }

    @Test
    void vague_words_are_rare() {
        assertThat(BROKEN.vagueWords()).containsOnlyKeys("anew", "call-back", "nobody");
        var found = PROJECT.vagueWords();
        // the rules and their samples have to name the words
        found.values().forEach(places -> places.removeIf(place -> place.contains("/endtoend/PlainWords")));
        assertThat(found.values().stream().flatMap(Set::stream)).hasSizeLessThanOrEqualTo(VAGUE_WORDS);
    }
}
