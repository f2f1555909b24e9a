package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Renders and lints the Helm chart with Helm's own code, without a cluster and without a repository.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the image is built on Linux")
final class HelmRenderTest {
    private static final Path CHART =
            Path.of("../../packaging/helm/tidemark").toAbsolutePath().normalize();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> SECRETS = Set.of("STORE_PASSWORD", "EWS_PASSWORD", "CRM_SECRET", "ADMIN_TOKEN");
    private static final String NAME = "push-tidemark";

    @TempDir
    Path folder;

    @Test
    void the_chart_passes_the_strict_lint() {
        var result = new Helm(CHART).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void the_defaults_are_one_pod_whose_parts_fit_together() throws IOException {
        var objects = render("");
        assertThat(objects).containsOnlyKeys("ConfigMap", "Service", "ServiceAccount", "StatefulSet");
        assertThat(objects.values())
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/name").asString()).isEqualTo(NAME));
        var pods = objects.get("StatefulSet").path("spec");
        assertThat(pods.path("replicas").asInt()).isEqualTo(1);
        assertFits(pods, objects.get("Service").path("spec"));
        assertThat(pods.at("/volumeClaimTemplates/0/metadata/name").asString()).isEqualTo("store");
        assertThat(daemonReads(objects).cluster().enabled()).isFalse();
    }

    @Test
    void the_values_of_the_documents_are_a_cluster_of_three_nodes() throws IOException {
        assertThat(Files.readString(Path.of("../../docs/cluster.md"))).contains("../packaging/helm/three-nodes.yaml");
        var objects = render(Files.readString(Path.of("../../packaging/helm/three-nodes.yaml")));
        var pods = objects.get("StatefulSet").path("spec");
        assertThat(pods.path("replicas").asInt()).isEqualTo(3);
        assertFits(pods, objects.get("Service").path("spec"));
        assertThat(pods.has("volumeClaimTemplates")).isFalse();
        assertThat(pods.at("/template/spec/containers/0/envFrom/0/secretRef/name")
                        .asString())
                .isEqualTo("tidemark-secrets");
        assertThat(daemonReads(objects).cluster().enabled()).isTrue();
    }

    @Test
    void an_ingress_and_files_of_secrets_are_rendered() throws IOException {
        var objects = render("""
                ingress: { enabled: true, className: nginx, tlsSecret: push-tls, annotations: { a: b } }
                secretFiles: [ { name: tls, secret: tidemark-tls, path: /etc/tidemark/tls } ]
                listener: { tls: true }
                podAnnotations: { c: d }
                """);
        var ingress = objects.get("Ingress").path("spec");
        assertThat(ingress.at("/rules/0/http/paths/0/backend/service/name").asString())
                .isEqualTo(NAME);
        assertThat(ingress.at("/tls/0/secretName").asString()).isEqualTo("push-tls");
        var pods = objects.get("StatefulSet").path("spec");
        assertFits(pods, objects.get("Service").path("spec"));
        assertThat(pods.at("/template/spec/containers/0/readinessProbe/httpGet/scheme")
                        .asString())
                .isEqualTo("HTTPS");
        assertThat(pods.at("/template/metadata/annotations/c").asString()).isEqualTo("d");
    }

    @Test
    void helm_refuses_values_that_the_schema_refuses() {
        for (var wrong : List.of(
                "replicas: 3",
                "replicas: 0",
                "replica: 1",
                "{ replicas: 2, config: { cluster: { enabled: false } } }",
                "{ replicas: 2, config: { cluster: { enabled: true } } }",
                "service: { port: 0 }",
                "persistence: { size: ten }")) {
            assertThatThrownBy(() -> render(wrong))
                    .as(wrong)
                    .hasMessageContaining("values don't meet the specifications");
        }
    }

    private Map<String, JsonNode> render(String values) throws IOException {
        var file = Files.writeString(folder.resolve("values.yaml"), values);
        var text = new Helm(CHART)
                .template()
                .withName("push")
                .withNamespace("mail")
                // the oldest that the chart accepts
                .withKubeVersion("1.25.0")
                .withValuesFile(file)
                .call();
        var objects = new HashMap<String, JsonNode>();
        for (var document : text.split("(?m)^---\\n", -1)) {
            var object = YAML.readTree(document);
            if (object.isObject()) {
                assertThat(objects.put(object.path("kind").asString(), object)).isNull();
            }
        }
        return objects;
    }

    /// Asserts that each name that one part uses is defined by another.
    private static void assertFits(JsonNode pods, JsonNode service) {
        var labels = pods.at("/template/metadata/labels");
        assertThat(pods.at("/selector/matchLabels").properties()).isSubsetOf(labels.properties());
        assertThat(service.path("selector").properties()).isSubsetOf(labels.properties());
        var container = pods.at("/template/spec/containers/0");
        assertThat(names(container.path("ports")))
                .contains(service.at("/ports/0/targetPort").asString());
        var volumes = names(pods.at("/template/spec/volumes"));
        pods.path("volumeClaimTemplates")
                .forEach(claim -> volumes.add(claim.at("/metadata/name").asString()));
        assertThat(names(container.path("volumeMounts"))).containsExactlyInAnyOrderElementsOf(volumes);
    }

    private static List<String> names(JsonNode list) {
        return new ArrayList<>(StreamSupport.stream(list.spliterator(), false)
                .map(entry -> entry.path("name").asString())
                .toList());
    }

    private TidemarkConfig daemonReads(Map<String, JsonNode> objects) throws IOException {
        var text = objects.get("ConfigMap").at("/data/tidemark.yaml").asString();
        var file = Files.writeString(folder.resolve("tidemark.yaml"), text);
        return TidemarkConfig.read(
                file,
                name -> Optional.of("whsec_Y2hhbmdlLW1lLWJlZm9yZS1hbnlib2R5LXNlZXM=")
                        .filter(ignored -> SECRETS.contains(name)));
    }
}
