package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.SourceLocation;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.inputs.ConfigFile;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.MembershipSource;
import dev.tidemark.values.MailboxAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Rejects a configuration that loses mailboxes in a way that looks like an accident: a list that became empty, is
/// cut off, or lost more than a tenth and more than ten. A mailbox that moves to another group is not lost.
record MailboxLossGuard(MailboxRegistry mailboxes, TidemarkConfig running) {
    private static final int MAX_LOST = 10;
    private static final int MAX_LOST_PERCENT = 10;
    private static final String REMEDY = "; repair it, or run 'tidemark reload --force' if that is intended";

    /// Returns the faults of `next`; none if it may be applied.
    List<ConfigDiagnostic> check(TidemarkConfig next) {
        var configured = new HashSet<MailboxAddress>();
        next.groups().forEach(group -> configured.addAll(group.mailboxes()));
        var faults = new ArrayList<ConfigDiagnostic>();
        members().forEach((group, before) -> {
            var lost = new HashSet<>(before);
            lost.removeAll(configured);
            if (!lost.isEmpty()) {
                loss(next, group, before.size(), lost)
                        .ifPresent(why -> faults.add(ConfigDiagnostic.ofFault(place(next, group), why + REMEDY)));
            }
        });
        return faults;
    }

    private Map<String, Set<MailboxAddress>> members() {
        var result = new LinkedHashMap<String, Set<MailboxAddress>>();
        mailboxes.all().stream()
                .filter(mailbox -> mailbox.membership().source() == MembershipSource.CONFIGURATION)
                .forEach(mailbox -> result.computeIfAbsent(mailbox.membership().group(), name -> new HashSet<>())
                        .add(mailbox.address()));
        return result;
    }

    private Optional<String> loss(TidemarkConfig next, String name, int before, Set<MailboxAddress> lost) {
        var group =
                next.groups().stream().filter(each -> each.name().equals(name)).findFirst();
        if (group.filter(each -> each.mailboxes().isEmpty()).isPresent()) {
            return Optional.of("group '" + name + "' has no mailboxes anymore, before it had " + before);
        }
        if (lost.size() > MAX_LOST && lost.size() * 100L > (long) before * MAX_LOST_PERCENT) {
            return Optional.of("group '" + name + "' lost " + lost.size() + " of " + before + " mailboxes");
        }
        return group.filter(each -> isCutOff(each, next, lost))
                .map(each -> "the mailbox list of group '" + name + "' seems to be cut off: its last line has no line"
                        + " break, and it lost " + lost.size() + " of " + before + " mailboxes");
    }

    /// Returns true if the last line lacks its line break, and either had one before or is the beginning of a lost
    /// mailbox.
    private boolean isCutOff(GroupConfigSection group, TidemarkConfig next, Set<MailboxAddress> lost) {
        if (list(next, group.name()).filter(file -> !file.terminated()).isEmpty()) {
            return false;
        }
        var last = group.mailboxes().getLast().value();
        return list(running, group.name()).filter(ConfigFile::terminated).isPresent()
                || lost.stream().anyMatch(address -> address.value().startsWith(last));
    }

    private static Optional<ConfigFile> list(TidemarkConfig config, String group) {
        return config.inputs().files().stream()
                .filter(file -> file.mailboxes() && file.key().equals("subscriptions." + group + ".mailboxes-file"))
                .findFirst();
    }

    private static SourceLocation place(TidemarkConfig next, String group) {
        return list(next, group)
                .map(file -> new SourceLocation(file.path().toString(), 1, 1))
                .orElseGet(
                        () -> new SourceLocation(next.inputs().source().file().toString(), 1, 1));
    }
}
