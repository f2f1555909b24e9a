package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Distribution as the build assembled it.
final class InstalledDistribution {
    private static final List<String> START = start(home());
    private static final Optional<Path> CACHE = StartupCache.record(START);

    private InstalledDistribution() {}

    static Path home() {
        var home = Path.of(System.getProperty("tidemark.home", "../../daemon/target/tidemark-0.1.0-SNAPSHOT"))
                .toAbsolutePath()
                .normalize();
        assertThat(home.resolve("lib"))
                .as("the distribution, which the package phase of the modules daemon and demo lays out")
                .isDirectory();
        return home;
    }

    static Path lib() {
        return home().resolve("lib");
    }

    static Path launcher() {
        return home().resolve("bin").resolve("tidemark");
    }

    /// Returns a command with the launcher's class path and main class. Its JVM options differ, because tests start
    /// many JVMs. A small heap also reveals a backlog in memory earlier. The daemon uses the JIT compilers of this
    /// JVM; soak tests have the optimizing one. `-Dtidemark.shipped=true` selects the launcher's collector.
    static List<String> command(String... arguments) {
        var command = new ArrayList<>(START);
        CACHE.ifPresent(cache -> command.add(1, "-XX:AOTCache=" + cache));
        command.addAll(List.of(arguments));
        return command;
    }

    /// Returns a command with the launcher, whose JVM uses the JIT compilers of this JVM.
    static List<String> launcherCommand(String... arguments) {
        var command = new ArrayList<>(List.of(
                "env",
                "TIDEMARK_OPTS=" + String.join(" ", compilers()),
                launcher().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /// Returns the command of another distribution, without the cache of classes.
    static List<String> commandOf(Path otherHome, String... arguments) {
        var command = new ArrayList<>(start(otherHome));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> start(Path home) {
        var command = new ArrayList<>(List.of(
                java(),
                // a cache that does not fit is no failure
                "-Xlog:aot=off",
                "-Xmx" + System.getProperty("tidemark.heap", "256m"),
                Boolean.getBoolean("tidemark.shipped") ? "-XX:+UseG1GC" : "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Duser.timezone=Pacific/Chatham",
                // digits beyond ASCII: a number that is formatted for this locale fits no protocol
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Dtidemark.home=" + home,
                "-cp",
                home + "/lib/*:" + home + "/lib/kafka/*",
                "dev.tidemark.daemon.command.TidemarkMain"));
        command.addAll(1, compilers());
        return List.copyOf(command);
    }

    /// Returns the options of this JVM that limit its JIT compilers.
    private static List<String> compilers() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:TieredStopAtLevel="))
                .toList();
    }

    private static String java() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        assertThat(Files.isExecutable(java)).isTrue();
        return java.toString();
    }
}
