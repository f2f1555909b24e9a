package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.metrics.CertificateMetrics.CertificateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Tests with a certificate of keytool that is valid for ten days.
@TestInstance(Lifecycle.PER_CLASS)
final class CertificateMetricsTest {
    private static final int SECONDS_PER_DAY = 86_400;

    @TempDir
    static Path folder;

    private String pem = "";
    private Instant created = Instant.EPOCH;

    @BeforeAll
    void create() throws IOException, InterruptedException {
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-validity", "10", "-storetype", "PKCS12");
        keytool("-exportcert", "-rfc", "-file", "c.pem");
        keytool("-exportcert", "-file", "c.der");
        pem = Files.readString(folder.resolve("c.pem"));
        created = Files.getLastModifiedTime(folder.resolve("c.pem")).toInstant();
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "a", "-keystore", "store.p12", "-storepass", "secret"));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static long daysLeft(Path file, Optional<String> password, Instant now) {
        var metrics = new CertificateMetrics(
                () -> List.of(new CertificateFile(file, password)), Clock.fixed(now, ZoneOffset.UTC));
        try (var scraper = new MetricScraper(List.of(metrics))) {
            var line = scraper.scrape()
                    .lines()
                    .filter(each -> each.startsWith("tidemark_certificate_expiry_seconds{"))
                    .findFirst()
                    .orElseThrow();
            return Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)) / SECONDS_PER_DAY);
        }
    }

    private long daysLeft(Path file) {
        return daysLeft(file, Optional.empty(), created);
    }

    private static Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void reads_pem_der_and_a_store() {
        assertThat(daysLeft(folder.resolve("c.pem"))).isEqualTo(10);
        assertThat(daysLeft(folder.resolve("c.der"))).isEqualTo(10);
        assertThat(daysLeft(folder.resolve("store.p12"), Optional.of("secret"), created))
                .isEqualTo(10);
    }

    @Test
    void reads_a_certificate_beside_its_key() throws IOException {
        var both = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + pem;

        assertThat(daysLeft(write("both.pem", both))).isEqualTo(10);
    }

    @Test
    void reads_the_older_name_of_a_certificate_and_utf_16() throws IOException {
        assertThat(daysLeft(write("old.pem", pem.replace("CERTIFICATE", "X509 CERTIFICATE"))))
                .isEqualTo(10);
        var wide = folder.resolve("wide.pem");
        Files.write(wide, ("\ufeff" + pem).getBytes(StandardCharsets.UTF_16LE));
        assertThat(daysLeft(wide)).isEqualTo(10);
    }

    @Test
    void is_zero_for_what_cannot_be_read_and_negative_for_what_has_expired() throws IOException {
        assertThat(daysLeft(folder.resolve("absent.pem"))).isZero();
        assertThat(daysLeft(write("noise.pem", "no certificate"))).isZero();
        assertThat(daysLeft(folder.resolve("c.pem"), Optional.empty(), created.plusSeconds(20L * SECONDS_PER_DAY)))
                .isEqualTo(-10);
    }

    private List<ResourceWarnings.Warning> warnings(Path file, Instant now) {
        var facts = new MonitoredModules.DaemonFacts(
                "1", "r", 0, Duration.ZERO, Duration.ZERO, () -> Map.of(file, Optional.empty()));
        return new ResourceWarnings(FixedDisk.withBytes(0), facts, Clock.fixed(now, ZoneOffset.UTC)).certificates();
    }

    @Test
    void warns_of_a_certificate_that_expires_within_two_weeks() {
        assertThat(warnings(folder.resolve("c.pem"), created.minusSeconds(5L * SECONDS_PER_DAY)))
                .isEmpty();
        assertThat(warnings(folder.resolve("c.pem"), created.plusSeconds(7L * SECONDS_PER_DAY + 60)))
                .singleElement()
                .satisfies(warning -> assertThat(warning.state()).isEqualTo("expiring"))
                .satisfies(warning -> assertThat(warning.cause()).contains("expires in 3 days at "));
    }

    @Test
    void warns_of_an_expired_certificate_and_of_an_unreadable_file() {
        assertThat(warnings(folder.resolve("c.pem"), created.plusSeconds(11L * SECONDS_PER_DAY)))
                .singleElement()
                .satisfies(warning -> assertThat(warning.state()).isEqualTo("expired"));
        assertThat(warnings(folder.resolve("absent.pem"), created))
                .singleElement()
                .satisfies(warning -> assertThat(warning.state()).isEqualTo("unreadable"));
    }
}
