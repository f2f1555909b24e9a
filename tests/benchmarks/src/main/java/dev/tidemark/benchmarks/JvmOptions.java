package dev.tidemark.benchmarks;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Option `--jvm` of the commands that start JVMs. Not thread-safe.
final class JvmOptions {
    private static final List<String> STANDARD =
            List.of("-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED", "-Xmx2g");

    @Option(
            names = "--jvm",
            description =
                    "Additional option for the JVM of every measured process; %%FOLDER%% is its folder. May be repeated.")
    private List<String> more = List.of();

    /// Returns the options with which `bin/tidemark run` starts the daemon, a fixed heap, and those of the command
    /// line. The default heap would be a quarter of the machine's memory.
    List<String> all() {
        var options = new ArrayList<>(STANDARD);
        options.addAll(more);
        return options;
    }
}
