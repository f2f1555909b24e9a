package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks the inputs of the packages. The packages are built with `-Ppackages` and by `packaging/oci/build-image`.
final class PackagingTest {
    private static final Path ROOT = Path.of("../..");
    private static final Path UNIT = ROOT.resolve("conf/tidemark.service");
    private static final Path IMAGE = ROOT.resolve("packaging/oci");

    /// Limit of the exposure level in tenths, as `systemd-analyze` takes it.
    private static final String EXPOSURE = "--threshold=29";

    @TempDir
    private Path folder;

    @Test
    void the_unit_is_hardened() throws IOException, InterruptedException {
        assumeTrue(isInstalled("systemd-analyze"), "systemd-analyze is missing, so the exposure is not measured");
        var result = analyze(Files.readString(UNIT));
        assumeTrue(!result.all().contains("unrecognized option"), "this systemd-analyze reads no files");
        assertThat(result.exit()).as(result::all).isZero();

        var weak = analyze(
                Files.readString(UNIT).replaceAll("(?m)^(SystemCall|CapabilityBounding|Restrict|Protect).*", ""));
        assertThat(weak.exit()).as(weak::all).isNotZero();
    }

    private CommandRunner.Result analyze(String unit) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("tidemark.service"), unit);
        return CommandRunner.run(
                Duration.ofMinutes(1),
                List.of("systemd-analyze", "security", "--no-pager", "--offline=true", EXPOSURE, file.toString()));
    }

    @Test
    void the_unit_waits_for_readiness_and_restarts_a_daemon_that_hangs() throws IOException {
        assertThat(Files.readAllLines(UNIT)).contains("Type=notify", "WatchdogSec=2min", "Restart=always");
    }

    /// The packages replace these paths.
    @Test
    void the_paths_that_the_packages_replace_exist_once() throws IOException {
        assertThat(Files.readString(ROOT.resolve("conf/tidemark.yaml")))
                .containsOnlyOnce("jdbc:h2:file:./data/tidemark");
        assertThat(Files.readString(UNIT))
                .containsOnlyOnce("ExecStart=/opt/tidemark/bin/tidemark run --config /etc/tidemark/tidemark.yaml")
                .containsOnlyOnce("Documentation=file:/opt/tidemark/README.md");
    }

    @Test
    void every_script_of_the_packages_can_be_parsed() throws IOException, InterruptedException {
        try (var scripts = Files.list(ROOT.resolve("packaging/debian/control"))) {
            var checks = Stream.of("check-reproducible", "check-rolling-upgrade", "record-checksums")
                    .map(ROOT.resolve("packaging")::resolve);
            for (var script : Stream.concat(scripts, checks)
                    .filter(PackagingTest::isShell)
                    .toList()) {
                var result = CommandRunner.run(Duration.ofMinutes(1), List.of("sh", "-n", script.toString()));
                assertThat(result.exit()).as(result::all).isZero();
            }
        }
    }

    @Test
    void the_script_of_the_image_can_be_compiled() throws IOException, InterruptedException {
        assumeTrue(isInstalled("python3"), "python3 is missing, so the script is not compiled");
        var compile = "import ast, sys; ast.parse(open(sys.argv[1]).read())";
        var result = CommandRunner.run(
                Duration.ofMinutes(1),
                List.of("python3", "-c", compile, IMAGE.resolve("build-image").toString()));
        assertThat(result.exit()).as(result::all).isZero();
    }

    @Test
    void every_package_of_the_image_is_pinned_by_version_and_checksum() throws IOException {
        assertThat(Files.readAllLines(IMAGE.resolve("packages.txt")).stream().filter(line -> !line.startsWith("#")))
                .isNotEmpty()
                .allMatch(line -> line.matches("amd64 [a-z0-9.+-]+ [^ ]+ [0-9a-f]{64}"));
    }

    private static boolean isShell(Path file) {
        try {
            return Files.readString(file).startsWith("#!/bin/sh");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isInstalled(String command) {
        return Pattern.compile(":")
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
