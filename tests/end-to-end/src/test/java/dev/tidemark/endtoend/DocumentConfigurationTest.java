package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads the configurations of the documents as `tidemark run` does. A part without connections, groups and sinks
/// is read within a small configuration.
final class DocumentConfigurationTest {
    private static final Pattern KEY = Pattern.compile("(?m)^([a-z-]+):");
    private static final Pattern SECRET_FILE = Pattern.compile("\\$\\{file:([^}]*)}");
    private static final Set<String> SECTIONS = Set.of(
            "instance",
            "connections",
            "listener",
            "subscriptions",
            "sinks",
            "egress",
            "store",
            "compensator",
            "cluster",
            "tracing",
            "admin");
    private static final Set<String> MAIL_FLOW = Set.of("connections", "subscriptions", "sinks");
    private static final List<String> REST = List.of(
            "connections: { x: { url: 'https://mail.example.com/EWS/Exchange.asmx', auth: { type: none } } }",
            "listener: { public-url: 'https://push.example.com' }",
            "subscriptions: [ { name: sales, connection: x, mailboxes: [ a@example.com ], forward-to: [ s ] } ]",
            "sinks: { s: { type: webhook, url: 'https://crm.example.com', secret: '${env:SECRET}' } }");

    @TempDir
    Path folder;

    @Test
    void every_configuration_of_the_documents_is_valid() throws IOException, GeneralSecurityException {
        makeTlsFiles();
        var read = new ArrayList<String>();
        var faults = new ArrayList<String>();
        for (var file : SourceTree.read().files().entrySet()) {
            if (file.getKey().endsWith(".md")) {
                for (var block : MarkdownPage.of(file.getValue()).blocks()) {
                    if (block.language().equals("yaml") && isConfiguration(block.text())) {
                        read.add(file.getKey());
                        faults.addAll(faults(file.getKey(), block.text()));
                    }
                }
            }
        }
        assertThat(read)
                .contains("docs/getting-started.md", "docs/install.md", "docs/simulator.md")
                // the part that enables the cluster, and the whole one with Kafka
                .haveExactly(2, new Condition<>("docs/cluster.md"::equals, "docs/cluster.md"));
        assertThat(faults).isEmpty();
    }

    @Test
    void the_configuration_of_the_trial_is_valid() throws IOException {
        assertThat(faults("conf/simulated.yaml", Files.readString(Path.of("../../conf/simulated.yaml"))))
                .isEmpty();
    }

    @Test
    void an_unknown_key_is_found_in_a_whole_configuration_and_in_a_part() throws IOException {
        assertThat(faults("part", "store: { retension: 1d }"))
                .singleElement()
                .asString()
                .contains("retension");
        assertThat(faults("whole", String.join("\n", REST) + "\negress: { alow: [ ] }"))
                .singleElement()
                .asString()
                .contains("alow");
    }

    private static boolean isConfiguration(String text) {
        var keys = keys(text);
        return !keys.isEmpty() && SECTIONS.containsAll(keys) && (hasAllMailFlow(keys) || hasNoMailFlow(keys));
    }

    private static boolean hasAllMailFlow(Set<String> keys) {
        return keys.containsAll(MAIL_FLOW);
    }

    private static boolean hasNoMailFlow(Set<String> keys) {
        return MAIL_FLOW.stream().noneMatch(keys::contains);
    }

    private static Set<String> keys(String text) {
        return KEY.matcher(text).results().map(key -> key.group(1)).collect(Collectors.toSet());
    }

    private List<String> faults(String place, String text) throws IOException {
        var keys = keys(text);
        var rest = REST.stream().filter(section -> !keys.contains(section.substring(0, section.indexOf(':'))));
        var whole = text + "\n" + rest.collect(Collectors.joining("\n"));
        var file = folder.resolve("tidemark.yaml");
        Files.writeString(
                file, SECRET_FILE.matcher(whole).replaceAll(secret -> "\\${env:SECRET_" + name(secret.group(1)) + "}"));
        var failure = catchThrowable(() -> TidemarkConfig.read(file, DocumentConfigurationTest::secret));
        return failure instanceof ConfigException invalid
                ? invalid.faults().stream()
                        .map(fault -> place + ": " + fault.text())
                        .toList()
                : Optional.ofNullable(failure).map(Throwable::toString).stream().toList();
    }

    private static String name(String path) {
        return path.replaceAll("\\W", "_");
    }

    /// Returns a different valid secret for each name.
    private static Optional<String> secret(String name) {
        var bytes = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 32);
        return name.matches(".*(SECRET|PASSWORD|TOKEN).*")
                ? Optional.of("whsec_" + Base64.getEncoder().encodeToString(bytes))
                : Optional.empty();
    }

    private void makeTlsFiles() throws IOException, GeneralSecurityException {
        var tls = Files.createDirectories(folder.resolve("tls"));
        var certificates = new CertificateGenerator(folder);
        var pair = certificates.rsaPair("push");
        Files.copy(certificates.pem(pair), tls.resolve("cert.pem"));
        Files.writeString(tls.resolve("key.pem"), keyOf(pair));
    }

    private static String keyOf(Path pair) throws IOException, GeneralSecurityException {
        var password = CertificateGenerator.PASSWORD.toCharArray();
        var key = KeyStore.getInstance(pair.toFile(), password).getKey("it", password);
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
