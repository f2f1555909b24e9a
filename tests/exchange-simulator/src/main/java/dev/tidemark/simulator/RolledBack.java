package dev.tidemark.simulator;

import java.util.Arrays;
import java.util.Locale;

/// Ways in which an Exchange treats watermarks and sync states that lie ahead of a database which was restored from a
/// backup, or lost its last changes in a fail-over. Inferred; no source describes them.
public enum RolledBack {
    /// It refuses both.
    REFUSE,
    /// It takes both, and has nothing to report until the counter has passed them.
    SILENT,
    /// It takes both and reports what is new, numbered with counters that were seen.
    RENUMBER;

    static RolledBack named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new SimulatorException(
                        "A database is rolled back as one of refuse, silent and" + " renumber, not '" + name + "'."));
    }
}
