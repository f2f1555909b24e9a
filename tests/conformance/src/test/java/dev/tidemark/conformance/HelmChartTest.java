package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Checks the Helm chart without Helm: values against their schema, references of templates against the values, and
/// the structure of the templates.
final class HelmChartTest {
    private static final Path CHART = Path.of("../../packaging/helm/tidemark");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern ACTION = Pattern.compile("\\{\\{-?\\s*(/\\*.*?\\*/|.*?)\\s*-?}}");
    private static final Pattern VALUE = Pattern.compile("\\.Values((?:\\.[A-Za-z]+)+)");
    private static final Pattern NAME = Pattern.compile("include \"([^\"]+)\"");
    private static final Pattern CONTROL =
            Pattern.compile(" *\\{\\{-? *(if|else|with|range|end|define|include|toYaml).*");

    private static final Map<String, String> SECRETS = Map.of(
            "CRM_SECRET", "whsec_Y2hhbmdlLW1lLWJlZm9yZS1hbnlib2R5LXNlZXM=",
            "ADMIN_TOKEN", "0123456789abcdef0123456789abcdef");

    @TempDir
    Path folder;

    @Test
    void the_defaults_satisfy_the_schema() throws IOException {
        assertThat(faults(values())).isEmpty();
    }

    @Test
    void wrong_values_are_refused() throws IOException {
        for (var wrong : List.of(
                Map.entry("port: 8780", "port: 80"),
                Map.entry("size: 10Gi", "size: ten"),
                Map.entry("pullPolicy:", "pulPolicy:"),
                Map.entry("  tls: false", "  tls: 'yes'"),
                Map.entry("nodeSelector:", "nodeSelectors:"))) {
            var text = Files.readString(CHART.resolve("values.yaml"));
            assertThat(text).contains(wrong.getKey());
            assertThat(faults(YAML.readTree(text.replace(wrong.getKey(), wrong.getValue()))))
                    .as(wrong.getValue())
                    .isNotEmpty();
        }
    }

    @Test
    void the_daemon_accepts_the_default_configuration() throws IOException {
        var file = Files.writeString(folder.resolve("tidemark.yaml"), YAML.writeValueAsString(values().path("config")));
        assertThatCode(() -> TidemarkConfig.read(file, name -> Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void the_values_for_three_nodes_make_a_cluster() throws IOException {
        var nodes = YAML.readTree(Files.readString(CHART.resolveSibling("three-nodes.yaml")));
        var merged = (ObjectNode) values();
        merged.setAll((ObjectNode) nodes);
        assertThat(faults(merged)).isEmpty();
        assertThat(nodes.path("replicas").asInt()).isEqualTo(3);
        assertThat(nodes.at("/persistence/enabled").asBoolean(true)).isFalse();
        var file = Files.writeString(folder.resolve("tidemark.yaml"), YAML.writeValueAsString(nodes.path("config")));
        var config = TidemarkConfig.read(file, name -> Optional.of(SECRETS.getOrDefault(name, "a long enough secret")));
        assertThat(config.cluster().enabled()).isTrue();
    }

    @Test
    void templates_use_exactly_the_values_that_exist() throws IOException {
        var used = new TreeSet<String>();
        for (var template : templates()) {
            VALUE.matcher(template).results().forEach(value -> used.add(value.group(1)));
        }
        var values = values();
        assertThat(used)
                .allSatisfy(path -> assertThat(values.at(path.replace('.', '/')).isMissingNode())
                        .as(path)
                        .isFalse());
        assertThat(values.propertyNames())
                .allSatisfy(name -> assertThat(used).as(name).anyMatch(path -> path.startsWith("." + name)));
    }

    @Test
    void templates_are_well_formed() throws IOException {
        var defined = new ArrayList<String>();
        var included = new ArrayList<String>();
        for (var template : templates()) {
            assertThat(unbalanced(template)).as(template).isEmpty();
            Pattern.compile("define \"([^\"]+)\"")
                    .matcher(template)
                    .results()
                    .forEach(name -> defined.add(name.group(1)));
            NAME.matcher(template).results().forEach(name -> included.add(name.group(1)));
        }
        assertThat(defined).doesNotHaveDuplicates().containsAll(included);
    }

    /// A template without its control lines, with a word for each value, is YAML if its indentation is right.
    @Test
    void manifests_have_a_kind_and_a_name() throws IOException {
        try (var files = Files.list(CHART.resolve("templates"))) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                var text = new StringBuilder();
                Files.readAllLines(file).stream()
                        .filter(line -> !CONTROL.matcher(line).matches())
                        .map(line -> ACTION.matcher(line).replaceAll("x"))
                        .forEach(line -> text.append(line).append('\n'));
                var manifest = YAML.readTree(text.toString());
                assertThat(manifest.path("kind").asString("")).as("%s", file).isNotEmpty();
                assertThat(manifest.at("/metadata/name").asString(""))
                        .as("%s", file)
                        .isEqualTo("x");
            }
        }
    }

    @Test
    void the_chart_installs_this_version_in_a_restricted_container() throws IOException {
        var parent = Files.readString(Path.of("../../pom.xml"));
        var chart = YAML.readTree(Files.readString(CHART.resolve("Chart.yaml")));
        assertThat(parent).contains("<version>" + chart.path("appVersion").asString() + "</version>");
        assertThat(Files.readString(CHART.resolve("templates/statefulset.yaml")))
                .contains("runAsNonRoot: true", "readOnlyRootFilesystem: true", "drop: [ ALL ]", "runAsUser: 10001");
        assertThat(Files.readString(Path.of("../../packaging/oci/build-image"))).contains("USER = 10001");
    }

    private static List<String> unbalanced(String template) {
        var open = new ArrayDeque<String>();
        var faults = new ArrayList<String>();
        ACTION.matcher(template).results().map(action -> action.group(1)).forEach(action -> {
            var word = action.split("\\s", -1)[0];
            if (List.of("if", "with", "range", "define").contains(word)) {
                open.push(action);
            } else if (word.equals("end")) {
                if (open.poll() == null) {
                    faults.add("end without a beginning");
                }
            } else if (word.equals("else") && open.isEmpty()) {
                faults.add("else without a beginning");
            }
        });
        faults.addAll(open);
        return faults;
    }

    private static List<String> faults(JsonNode values) throws IOException {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(Files.readString(CHART.resolve("values.schema.json")), InputFormat.JSON);
        return schema.validate(values.toString(), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static JsonNode values() throws IOException {
        return YAML.readTree(Files.readString(CHART.resolve("values.yaml")));
    }

    private static List<String> templates() throws IOException {
        try (var files = Files.list(CHART.resolve("templates"))) {
            var texts = new ArrayList<String>();
            for (var file : files.toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        }
    }
}
