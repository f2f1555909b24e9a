package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests faults of `tracing`. OpenTelemetry is not on the class path of this module.
final class TracingConfigTest {
    private static final String MISSING = "OpenTelemetry is not installed";

    @TempDir
    private Path folder;

    @Test
    void traces_are_off_without_the_section() throws IOException {
        assertThat(read("").tracing()).isEmpty();
        assertThat(read("").effective()).doesNotContainKey("tracing");
    }

    @Test
    void tracing_without_its_folder_is_a_fault_that_names_it() {
        assertThat(findings("{ endpoint: 'http://127.0.0.1:4318/v1/traces' }"))
                .singleElement()
                .asString()
                .contains(MISSING, "lib/opentelemetry");
    }

    @Test
    void an_endpoint_is_a_whole_web_address() {
        assertThat(faults("{ sample: 1 }")).singleElement().asString().contains("tracing.endpoint is missing");
        assertThat(faults("{ endpoint: '127.0.0.1:4318' }"))
                .singleElement()
                .asString()
                .contains("tracing.endpoint");
        assertThat(faults("{ endpoint: 'http://127.0.0.1:4318' }"))
                .singleElement()
                .asString()
                .contains("tracing.endpoint has no path", "http://127.0.0.1:4318/v1/traces");
        assertThat(faults("{ endpoint: 'http://trace_host:4318/v1/traces' }"))
                .singleElement()
                .asString()
                .contains("tracing.endpoint has a host with an underscore");
    }

    @Test
    void a_sample_is_a_share() {
        assertThat(faults("{ endpoint: 'http://127.0.0.1:4318/v1/traces', sample: 1.5 }"))
                .singleElement()
                .asString()
                .contains("tracing.sample");
    }

    @Test
    void a_misspelled_key_is_named() {
        assertThat(faults("{ endpoint: 'http://127.0.0.1:4318/v1/traces', samples: 1 }"))
                .singleElement()
                .asString()
                .endsWith("'samples' is not known in tracing; the nearest name is sample");
    }

    @Test
    void a_key_that_resembles_none_lists_the_names() {
        assertThat(faults("{ endpoint: 'http://127.0.0.1:4318/v1/traces', protocol: grpc }"))
                .singleElement()
                .asString()
                .endsWith("'protocol' is not known in tracing; the nearest name is endpoint; write one of endpoint,"
                        + " headers, sample");
        assertThat(faults("{ protocol: grpc }"))
                .as("it does not stand for the missing one")
                .hasSize(2)
                .anyMatch(text -> text.contains("tracing.endpoint is missing"));
    }

    @Test
    void headers_must_be_usable() {
        assertThat(faults("{ endpoint: 'https://traces.example.com/v1/traces', headers: { traceparent: x } }"))
                .singleElement()
                .asString()
                .contains("traceparent");
        assertThat(faults("{ endpoint: 'https://traces.example.com/v1/traces', headers: { X-A: '1', x-a: '2' } }"))
                .singleElement()
                .asString()
                .contains("tracing.headers has x-a twice");
    }

    @Test
    void headers_without_encryption_are_a_warning_beyond_loopback() {
        var headers = ", headers: { Authorization: '${env:CRM_SECRET}' } }";
        assertThat(findings("{ endpoint: 'http://traces.example.com:4318/v1/traces'" + headers))
                .filteredOn(text -> !text.contains(MISSING))
                .singleElement()
                .asString()
                .contains("tracing.endpoint sends tracing.headers without encryption; write https");
        assertThat(faults("{ endpoint: 'http://localhost:4318/v1/traces'" + headers))
                .isEmpty();
    }

    private TidemarkConfig read(String tracing) throws IOException {
        var section = tracing.isEmpty() ? "" : "\ntracing: " + tracing + "\n";
        var file = Files.writeString(folder.resolve("t.yaml"), ConfigFileTest.SOUND + section);
        var environment = Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", ConfigFileTest.SECRET);
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }

    /// Returns the faults beside that of the missing folder.
    private List<String> faults(String tracing) {
        return findings(tracing).stream()
                .filter(text -> !text.contains(MISSING))
                .toList();
    }

    private List<String> findings(String tracing) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(tracing));
        assertThat(thrown).isNotNull();
        return Stream.concat(thrown.faults().stream(), thrown.warnings().stream())
                .map(ConfigDiagnostic::text)
                .filter(text -> text.contains("racing"))
                .toList();
    }
}
