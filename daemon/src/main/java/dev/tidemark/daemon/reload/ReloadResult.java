package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.ConfigDiagnostic;
import java.util.List;

/// Result of a reload.
public sealed interface ReloadResult {
    /// The configuration is in use.
    ///
    /// @param changed sentence about each change, which begins with its key
    /// @param restartNeeded changed keys that keep their running value until a restart
    /// @param forced true if the loss of many mailboxes was accepted in advance
    record Applied(List<String> changed, List<String> restartNeeded, boolean forced) implements ReloadResult {
        public Applied {
            changed = List.copyOf(changed);
            restartNeeded = List.copyOf(restartNeeded);
        }
    }

    /// Nothing has changed, because of these faults.
    ///
    /// @param appliedInPart true if some modules have the new settings and some do not; another reload repairs that
    record Rejected(List<ConfigDiagnostic> faults, boolean appliedInPart) implements ReloadResult {
        public Rejected {
            faults = List.copyOf(faults);
        }

        Rejected(List<ConfigDiagnostic> faults) {
            this(faults, false);
        }
    }
}
