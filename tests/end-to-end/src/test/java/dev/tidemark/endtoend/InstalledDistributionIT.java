package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/// Checks the content of each class path.
final class InstalledDistributionIT {
    private static final String WIREMOCK = "com/github/tomakehurst/wiremock/WireMockServer.class";

    @Test
    void the_class_path_of_run_holds_no_wiremock() throws IOException {
        assertThat(jars(InstalledDistribution.lib())).isNotEmpty().noneMatch(InstalledDistributionIT::holdsWireMock);
    }

    @Test
    void the_class_path_of_demo_does() throws IOException {
        assertThat(jars(InstalledDistribution.lib().resolve("demo"))).anyMatch(InstalledDistributionIT::holdsWireMock);
    }

    @Test
    void no_jar_lies_on_both() throws IOException {
        assertThat(names(InstalledDistribution.lib().resolve("demo")))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(names(InstalledDistribution.lib()));
    }

    @Test
    void kafka_lies_in_a_folder_that_may_be_deleted() throws IOException {
        var kafka = names(InstalledDistribution.lib().resolve("kafka"));
        assertThat(kafka)
                .anyMatch(name -> name.startsWith("kafka-clients-"))
                .anyMatch(name -> name.startsWith("tidemark-kafka-"))
                .doesNotContainAnyElementsOf(names(InstalledDistribution.lib()));
        assertThat(names(InstalledDistribution.lib())).noneMatch(name -> name.contains("kafka"));
        assertThat(names(InstalledDistribution.lib().resolve("demo"))).noneMatch(name -> name.contains("kafka"));
    }

    /// A class loader reads it if the configuration has `tracing`; it is on no class path.
    @Test
    void opentelemetry_lies_in_a_folder_that_may_be_deleted_and_that_no_launcher_names() throws IOException {
        var lib = InstalledDistribution.lib();
        assertThat(names(lib.resolve("opentelemetry")))
                .anyMatch(name -> name.startsWith("opentelemetry-sdk-trace-"))
                .anyMatch(name -> name.startsWith("tidemark-opentelemetry-"))
                .noneMatch(name -> name.contains("okhttp"))
                .doesNotContainAnyElementsOf(names(lib));
        for (var other : List.of(lib, lib.resolve("kafka"), lib.resolve("demo"))) {
            assertThat(names(other)).noneMatch(name -> name.contains("opentelemetry"));
        }
        for (var launcher : List.of("tidemark", "tidemark.cmd")) {
            assertThat(InstalledDistribution.launcher().resolveSibling(launcher))
                    .content()
                    .doesNotContain("opentelemetry");
        }
    }

    /// Otherwise two builds of the same sources would differ.
    @Test
    void every_entry_of_the_archive_has_the_fixed_time_of_the_build() throws IOException {
        var archive = Path.of(InstalledDistribution.home() + ".zip");
        assumeTrue(Files.exists(archive), "built with -DskipChecks: no archives");
        try (var zip = new ZipFile(archive.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getTimeLocal).distinct())
                    .containsExactly(LocalDateTime.of(2026, 1, 1, 0, 0));
            assertThat(zip.stream().map(ZipEntry::getName))
                    .anyMatch(name -> name.endsWith("/bin/tidemark.cmd"))
                    .noneMatch(name -> name.contains(".aot"));
        }
    }

    private static boolean holdsWireMock(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.getEntry(WIREMOCK) != null
                    || jar.getFileName().toString().contains("wiremock");
        } catch (IOException e) {
            throw new AssertionError(jar + " cannot be read", e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        return jars(folder).stream().map(jar -> jar.getFileName().toString()).toList();
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }
}
