package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.SourceLocation;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.inputs.ConfigFile;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.MembershipSource;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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
            return Optional.of("group '" + name + "' has no mailboxes anymore, before it had " + before
                    + list(next, name)
                            .map(file -> "; its list " + file.path() + " names none")
                            .orElse(""));
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

    /// Returns the place of the group in the configuration; its beginning if the group is not found in it.
    private static SourceLocation place(TidemarkConfig next, String group) {
        var file = next.inputs().source().file();
        var name = Pattern.compile("\\bname:\\s*(['\"]?)" + Pattern.quote(group) + "\\1(?![\\w-])");
        var line = 0;
        for (var text : linesOf(file)) {
            line++;
            var found = name.matcher(text);
            if (found.find()) {
                return new SourceLocation(file.toString(), line, found.start() + 1);
            }
        }
        return new SourceLocation(file.toString(), 1, 1);
    }

    /// Returns no lines if the file was removed or damaged after it was read.
    private static List<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
