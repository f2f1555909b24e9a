package dev.tidemark.simulator.mailbox;

import java.util.Arrays;
import java.util.Locale;

/// Reactions of an Exchange to watermarks and sync states that lie ahead of its database. The database was
/// restored from a backup, or lost its last changes in a fail-over. Inferred; no source describes them.
public enum RolledBack {
    /// It refuses both.
    REFUSE,
    /// It takes both, and reports nothing until the counter has passed them.
    SILENT,
    /// It takes both, and reports new events with counters that were seen before.
    RENUMBER;

    public static RolledBack named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new SimulatorException(
                        "A database is rolled back as one of refuse, silent and renumber, not '" + name + "'."));
    }
}
