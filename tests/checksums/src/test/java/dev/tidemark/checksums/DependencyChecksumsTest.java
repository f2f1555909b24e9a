package dev.tidemark.checksums;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compares the Maven repository of this build with the record. Compares small repositories with separate records
/// by the command that the build runs first.
final class DependencyChecksumsTest {
    private static final Path PROGRAM = Path.of("src/main/java/dev/tidemark/checksums/DependencyChecksumsMain.java");
    private static final String JAR = "com/example/sieve/1.0/sieve-1.0.jar";
    private static final String POM = """
            <project>
              <properties><sieve.version>1.0</sieve.version></properties>
              <dependencies>
                <dependency>
                  <groupId>com.example</groupId><artifactId>sieve</artifactId><version>${sieve.version}</version>
                </dependency>
              </dependencies>
            </project>
            """;

    @TempDir
    private Path root;

    @TempDir
    private Path repository;

    /// Output and exit code of the program.
    private record Ended(int exit, String output, String error) {}

    @BeforeEach
    void record_one_library() throws IOException, InterruptedException {
        Files.writeString(root.resolve("pom.xml"), POM);
        put(JAR, "the bytes of the library");
        put("com/example/sieve/1.0/sieve-1.0.pom", "<project/>");
        put("com/example/sieve/1.0/_remote.repositories", "sieve-1.0.jar>central=");
        assertThat(run("record"))
                .isEqualTo(new Ended(0, "Recorded the checksums of 2 files." + System.lineSeparator(), ""));
    }

    private void put(String path, String content) throws IOException {
        var file = repository.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Ended run(String command) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var error = Files.createTempFile(root, "error", ".txt");
        var builder = new ProcessBuilder(
                        List.of(java.toString(), PROGRAM.toString(), command, root.toString(), repository.toString()))
                .redirectError(error.toFile());
        // the JVM reports them on standard error
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output, Files.readString(error));
    }

    @Test
    void every_artifact_of_this_build_is_the_recorded_one() {
        var checksums = new DependencyChecksumsMain(Path.of("../.."), Path.of(System.getProperty("local.repository")));
        assertThat(checksums.present()).hasSizeGreaterThan(300);
        assertThat(checksums.faults()).isEmpty();
    }

    @Test
    void the_recorded_library_passes() throws IOException, InterruptedException {
        assertThat(run("check"))
                .isEqualTo(new Ended(0, "Compared the checksums of 2 files." + System.lineSeparator(), ""));
    }

    @Test
    void a_changed_jar_is_refused_in_one_sentence() throws IOException, InterruptedException {
        put(JAR, "the bytes of another library");
        var ended = run("check");
        assertThat(ended.exit()).isOne();
        assertThat(ended.error())
                .isEqualToIgnoringNewLines(repository.resolve(JAR)
                        + " is not the file that .mvn/checksums/checksums.sha256 records; delete it and build again, or"
                        + " record a wanted change with packaging/record-checksums.");
    }

    @Test
    void a_version_without_a_record_is_refused_in_one_sentence() throws IOException, InterruptedException {
        Files.writeString(root.resolve("pom.xml"), POM.replace("1.0", "1.1"));
        var ended = run("check");
        assertThat(ended.exit()).isOne();
        assertThat(ended.error())
                .isEqualToIgnoringNewLines("pom.xml names com.example:sieve:1.1, of which"
                        + " .mvn/checksums/checksums.sha256 records no file; run packaging/record-checksums.");
    }

    @Test
    void a_library_of_another_project_and_an_absent_one_pass() throws IOException, InterruptedException {
        put("com/example/other/1.0/other-1.0.jar", "not used here");
        Files.delete(repository.resolve(JAR));
        assertThat(run("check").exit()).isZero();
    }

    @Test
    void a_dozen_changed_files_are_reported_briefly() throws IOException, InterruptedException {
        for (var i = 0; i < 12; i++) {
            put("com/example/sieve/1.0/sieve-1.0-part" + i + ".jar", "part");
        }
        assertThat(run("record").exit()).isZero();
        for (var i = 0; i < 12; i++) {
            put("com/example/sieve/1.0/sieve-1.0-part" + i + ".jar", "changed part");
        }
        assertThat(run("check").error().lines()).hasSize(6).endsWith("There are 7 more faults of this kind.");
    }
}
