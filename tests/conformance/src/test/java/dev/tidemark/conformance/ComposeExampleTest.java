package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Checks the example for Docker Compose without Docker: each name that one part uses, another defines, and the daemon
/// accepts the configuration.
final class ComposeExampleTest {
    private static final Path FOLDER = Path.of("../../packaging/compose");
    private static final List<String> NODES = List.of("node-a", "node-b", "node-c");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([A-Z_]+)}");
    private static final Pattern REQUIRED = Pattern.compile("\\$\\{([A-Z_]+):\\?.*}");
    private static final Pattern SERVER = Pattern.compile("(?m)^ +server (\\S+) (\\S+):(\\d+)$");

    private final JsonNode compose = new YAMLMapper().readTree(text("compose.yaml"));
    private final JsonNode services = compose.path("services");

    @Test
    void three_nodes_have_their_own_names_and_the_same_settings() {
        assertThat(NODES).allSatisfy(node -> {
            assertThat(services.path(node).path("hostname").asString()).isEqualTo(node);
        });
        assertThat(NODES)
                .filteredOn(node -> !node.equals("node-a"))
                .hasSize(2)
                .allSatisfy(node -> assertThat(
                                services.path(node).at("/extends/service").asString())
                        .isEqualTo("node-a"));
        assertThat(services.at("/node-a/depends_on/postgres/condition").asString())
                .isEqualTo("service_healthy");
        assertThat(services.path("postgres").has("healthcheck")).isTrue();
    }

    @Test
    void the_daemon_accepts_the_configuration_with_the_variables_of_the_container() {
        var given = services.at("/node-a/environment").propertyNames();
        var config = TidemarkConfig.read(
                FOLDER.resolve("tidemark.yaml"),
                name -> Optional.of("whsec_Y2hhbmdlLW1lLWJlZm9yZS1hbnlib2R5LXNlZXM=")
                        .filter(ignored -> given.contains(name)));
        assertThat(config.cluster().enabled()).isTrue();
        assertThat(VARIABLE.matcher(text("tidemark.yaml")).results().map(name -> name.group(1)))
                .allMatch(given::contains);
    }

    @Test
    void each_secret_comes_from_the_file_beside_the_example() {
        assertThat(text("compose.yaml"))
                .contains("Write STORE_PASSWORD, EWS_PASSWORD and CRM_SECRET into the file .env");
        var required = REQUIRED.matcher(text("compose.yaml"))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet());
        assertThat(required).isEqualTo(Set.of("STORE_PASSWORD", "EWS_PASSWORD", "CRM_SECRET"));
    }

    @Test
    void the_balancer_sends_to_every_node_on_the_port_of_the_listener() {
        var servers = SERVER.matcher(text("haproxy.cfg")).results().toList();
        assertThat(servers.stream().map(server -> server.group(1))).isEqualTo(NODES);
        assertThat(servers).allSatisfy(server -> assertThat(server.group(2)).isEqualTo(server.group(1)));
        assertThat(servers.stream().map(server -> server.group(3)))
                .allMatch(port -> text("tidemark.yaml").contains("bind: 0.0.0.0:" + port));
        assertThat(texts(services.at("/balancer/depends_on"))).isEqualTo(NODES);
        assertThat(texts(services.at("/balancer/ports"))).containsExactly("8780:8780");
        assertThat(text("haproxy.cfg")).contains("bind :8780", "uri /healthz");
    }

    @Test
    void the_nodes_trust_the_address_of_the_caller_that_the_balancer_adds() {
        var network = compose.at("/networks/default/ipam/config/0/subnet").asString();
        assertThat(text("haproxy.cfg")).contains("option forwardfor");
        assertThat(text("tidemark.yaml")).contains("trusted-proxies: [ " + network + " ]");
    }

    @Test
    void every_mounted_file_and_volume_exists() {
        var mounted = Stream.of("postgres", "node-a", "balancer")
                .flatMap(name -> texts(services.path(name).path("volumes")).stream())
                .map(mount -> mount.split(":", 2)[0])
                .toList();
        assertThat(mounted)
                .hasSize(3)
                .allSatisfy(source -> assertThat(
                                source.startsWith("./")
                                        ? Files.exists(FOLDER.resolve(source))
                                        : compose.path("volumes").has(source))
                        .as(source)
                        .isTrue());
    }

    @Test
    void a_node_runs_the_image_of_the_project_in_a_restricted_container() throws IOException {
        var node = services.path("node-a");
        var chart = new YAMLMapper().readTree(Files.readString(Path.of("../../packaging/helm/tidemark/Chart.yaml")));
        assertThat(node.path("image").asString() + "-SNAPSHOT")
                .isEqualTo("tidemark:" + chart.path("appVersion").asString());
        assertThat(node.path("read_only").asBoolean()).isTrue();
        assertThat(texts(node.path("cap_drop"))).containsExactly("ALL");
        assertThat(node.path("stop_grace_period").asString()).isEqualTo("40s");
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    private static String text(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
