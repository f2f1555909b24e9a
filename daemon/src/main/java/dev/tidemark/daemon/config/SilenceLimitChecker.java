package dev.tidemark.daemon.config;

import dev.tidemark.compensator.CompensatorConfig;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Warns if a quiet mailbox would count as silent. Without changes, Exchange calls back once per status
/// frequency and no earlier.
record SilenceLimitChecker(
        ConfigSectionReader compensator, CompensatorConfig settings, List<ParsedSection<GroupConfigSection>> groups) {
    void check() {
        groups.stream()
                .map(ParsedSection::value)
                .max(Comparator.comparing(GroupConfigSection::statusFrequency))
                .ifPresent(group -> {
                    checkNotBelow("silence-after", settings.silenceAfter(), group);
                    checkNotBelow("first-callback", settings.firstCallback(), group);
                });
    }

    private void checkNotBelow(String key, Optional<Duration> wait, GroupConfigSection group) {
        wait.filter(length -> length.compareTo(group.statusFrequency()) < 0)
                .ifPresent(length -> compensator.addWarning(
                        compensator.mark(key),
                        compensator.dotted(key) + " is below the status-frequency of group '" + group.name() + "', "
                                + QuantityFormat.format(group.statusFrequency())
                                + ": its mailboxes are compensated for being quiet; write more than that, or leave"
                                + " it out"));
    }
}
