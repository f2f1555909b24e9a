package dev.tidemark.statuspage;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Answers "is everything well?" from the first screen in staged situations, and checks each page for accessibility.
/// Writes a picture of each into `target/screenshots`.
@ExtendWith(BrowserSetting.class)
final class StagedSituationsTest {
    private static final Path PICTURES = Path.of(System.getProperty("screenshots", "target/screenshots"));
    private static final String SCHEMAS = "#/components/schemas/";

    @ParameterizedTest
    @EnumSource
    void the_first_screen_answers(StagedSituation situation, PageSetting setting) {
        for (var view : new PageView[] {PageView.LIGHT, PageView.DARK_PHONE}) {
            try (var visit = setting.visit(view)
                    .staged(situation.answers().texts())
                    .at(StagedAnswers.NOW.toEpochMilli())
                    .open("")) {
                var headline = visit.text(situation.headline());
                assertThat(headline).isVisible();
                assertThat(visit.text("Lately")).isVisible();
                assertThat(bottom(headline)).as("end of the headline").isLessThan(view.height());
                visit.assertFits(situation.name());
                picture(visit, situation.name(), view);
                visit.assertAccessible(situation + " " + view);
            }
        }
    }

    /// Fragments of the pages, with a text that shows that the data has arrived.
    private static final Map<String, String> PAGES = Map.of(
            "mailboxes", "user0049@example.com",
            "mailboxes/mbx_0000000000000000", "Lost its subscription",
            "sinks", "Half delivered within",
            "dead-letters", "Responded 400.",
            "live", "New events appear here by themselves.",
            "connections", "Requests waiting");

    @ParameterizedTest
    @EnumSource
    void every_page_is_accessible_and_fits(PageView view, PageSetting setting) {
        try (var visit = setting.visit(view)
                .staged(StagedSituation.SINK_HELD.answers().texts())
                .at(StagedAnswers.NOW.toEpochMilli())
                .open("")) {
            PAGES.forEach((fragment, text) -> {
                visit.go("#/" + fragment);
                assertThat(visit.text(text)).isVisible();
                visit.assertFits(fragment);
                picture(visit, fragment.replaceFirst("es/.*", ""), view);
                visit.assertAccessible(fragment + " " + view);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_dead_letter_shows_the_response_of_its_receiver(PageView view, PageSetting setting) {
        try (var visit = setting.visit(view)
                .staged(StagedSituation.SINK_HELD.answers().texts())
                .at(StagedAnswers.NOW.toEpochMilli())
                .open("#/dead-letters")) {
            visit.button("Show evt_1").click();
            assertThat(visit.text("The receiver responded 400 to the last attempt:"))
                    .isVisible();
            assertThat(visit.page().getByLabel("Body of the response")).isVisible();
            assertThat(visit.page().getByLabel("Event as JSON")).isVisible();
            visit.assertFits("dead letter");
            picture(visit, "dead-letter", view);
            visit.assertAccessible("dead letter " + view);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_nodes_of_a_cluster_are_listed_worst_first(PageView view, PageSetting setting) {
        try (var visit = setting.visit(view)
                .staged(StagedSituation.ONE_NODE_OF_THREE_GONE.answers().texts())
                .at(StagedAnswers.NOW.toEpochMilli())
                .open("")) {
            visit.link("Show the nodes").click();
            assertThat(visit.heading()).containsText("Nodes 2 alive");
            assertThat(visit.text("Node c is gone without a clean stop")).isVisible();
            var rows = visit.page().locator("tbody tr");
            assertThat(rows).hasCount(3);
            assertThat(rows.nth(0)).containsText("gone");
            assertThat(rows.nth(0)).containsText("7 min");
            assertThat(rows.nth(1)).containsText("sink archive, sink crm");
            assertThat(rows.nth(2)).containsText("+5 ms");
            visit.assertFits("nodes");
            picture(visit, "nodes", view);
            visit.assertAccessible("nodes " + view);
        }
    }

    @Test
    void a_daemon_without_a_cluster_has_no_page_of_nodes(PageSetting setting) {
        try (var visit = setting.visit(PageView.LIGHT).open("")) {
            assertThat(visit.link("Connections")).isVisible();
            visit.page().waitForResponse("**/api/v1/nodes", () -> {});
            assertThat(visit.link("Nodes")).hasCount(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_log_in_is_accessible(PageView view, PageSetting setting) {
        try (var visit = setting.visit(view).expectingFailedRequests().openWithoutToken()) {
            assertThat(visit.heading()).hasText("Log in to Tidemark");
            visit.assertAccessible("log-in " + view);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_staged_answers_are_as_the_api_describes_them(StagedSituation situation) throws IOException {
        var document = openApi();
        var texts = situation.answers().texts();
        StagedAnswers.schemas().forEach((path, schema) -> {
            document.put("$ref", SCHEMAS + schema);
            var faults = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(JsonMapper.shared().writeValueAsString(document), InputFormat.JSON)
                    .validate(String.valueOf(texts.get(path)), InputFormat.JSON);
            assertThat(faults).as(path).isEmpty();
        });
    }

    @Test
    void the_schemas_find_a_wrong_answer() throws IOException {
        var document = openApi();
        document.put("$ref", SCHEMAS + "Status");
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(JsonMapper.shared().writeValueAsString(document), InputFormat.JSON)
                        .validate("{}", InputFormat.JSON))
                .isNotEmpty();
    }

    @SuppressWarnings("unchecked") // keys of an object are texts
    private static Map<String, Object> openApi() throws IOException {
        try (var in = ClassLoader.getSystemResourceAsStream("dev/tidemark/daemon/admin/openapi.yaml")) {
            assertThat(in).isNotNull();
            return YAMLMapper.builder()
                    .build()
                    .readValue(new String(in.readAllBytes(), StandardCharsets.UTF_8), Map.class);
        }
    }

    private static double bottom(Locator locator) {
        var box = locator.boundingBox();
        return box.y + box.height;
    }

    private static void picture(PageVisit visit, String name, PageView view) {
        var file = name.toLowerCase(Locale.ROOT).replace('_', '-') + "-"
                + view.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".png";
        visit.screenshot(PICTURES.resolve(file));
        // the pictures of the documents: a situation with a problem, and the same page when all is well
        if (Boolean.getBoolean("screenshots.write") && view == PageView.LIGHT && DocumentPictures.has(name)) {
            DocumentPictures.copy(PICTURES.resolve(file), name);
        }
    }
}
