package dev.tidemark.daemon.config;

import dev.tidemark.daemon.config.FolderSelectorConverter.FolderSelector;
import dev.tidemark.daemon.config.GroupConfigSection.DistributionGroupSource;
import dev.tidemark.daemon.config.MailboxListReader.ListedMailbox;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Reads `subscriptions`.
final class GroupsReader {
    static final ValueConverter<MailboxAddress> ADDRESS =
            new ValueConverter<>(AddressText::read, MailboxAddress::value);
    private static final FolderSelector INBOX = new FolderSelector.Named(new FolderRef.Distinguished("inbox"));
    private static final ValueConverter<ChangeKind> CHANGE =
            new ValueConverter<>(GroupsReader::change, ChangeKind::label);
    static final MailboxAddress PLACEHOLDER = new MailboxAddress("missing@missing.invalid");
    private static final ValueConverter<Duration> REFRESH =
            ValueConverter.durationBetween(Duration.ofSeconds(1), Duration.ofDays(30));
    private static final ValueConverter<Duration> STATUS_FREQUENCY =
            new ValueConverter<>(GroupsReader::minutes, QuantityFormat::format);

    /// MS-DTYP, 2.4.2.1: revision, authority, and up to 15 sub-authorities.
    private static final Pattern SID = Pattern.compile("S-1-\\d{1,15}(-\\d{1,10}){1,15}");

    private final ConfigSectionReader root;
    private final Path folder;
    private final Predicate<String> impersonatesBySid;
    private final Map<MailboxAddress, SourceLocation> seen = new HashMap<>();
    private final Map<String, SourceLocation> seenSids = new HashMap<>();
    private final Map<String, Map<MailboxAddress, String>> sids = new HashMap<>();

    /// @param impersonatesBySid returns true for the name of a connection whose mailboxes need their SIDs
    GroupsReader(ConfigSectionReader root, Path folder, Predicate<String> impersonatesBySid) {
        this.root = root;
        this.folder = folder;
        this.impersonatesBySid = impersonatesBySid;
    }

    /// Returns the SIDs that [#read] found for a connection which impersonates by them.
    Map<MailboxAddress, String> sidsOf(String connection) {
        return sids.getOrDefault(connection, Map.of());
    }

    List<ParsedSection<GroupConfigSection>> read() {
        return root.sectionList("subscriptions").stream()
                .map(section -> new ParsedSection<>(group(section), section))
                .toList();
    }

    private GroupConfigSection group(ConfigSectionReader section) {
        var name = section.require("name", ValueConverter.NAME, "missing");
        var connection = section.require("connection", ValueConverter.NAME, "missing");
        var mailboxes = mailboxes(name, connection, section);
        var mailboxesFrom = mailboxesFrom(section);
        var folders = section.list("folders", FolderSelectorConverter.CONVERTER, List.of(INBOX));
        var events = section.list("events", CHANGE, List.of(ChangeKind.NEW_MAIL));
        var frequency = section.get("status-frequency", STATUS_FREQUENCY, Duration.ofMinutes(10));
        var snapshot = section.get("snapshot", SnapshotScopeConverter.CONVERTER, new SnapshotScope.None());
        var detail = section.get("detail", ValueConverter.oneOf("thin", "message"), "thin");
        var expose = section.list("expose", ValueConverter.oneOf("protocol"), List.of());
        var forwardTo = section.list("forward-to", ValueConverter.NAME, List.of());
        section.finish();
        if (mailboxesFrom.isEmpty()
                && !section.has("mailboxes-file")
                && (!section.has("mailboxes") || section.isEmptyList("mailboxes"))) {
            section.addWarning(
                    section.has("mailboxes") ? section.mark("mailboxes") : section.mark(),
                    "group '" + name + "' has no mailboxes, so nothing is subscribed for it; name some in mailboxes or"
                            + " in a mailboxes-file");
        }
        rejectEmpty(section, "folders");
        rejectEmpty(section, "events");
        if (FolderSelectorConverter.isContradiction(folders)) {
            section.addFault(
                    section.mark("folders"),
                    section.dotted("folders") + " combines all with other folders; write [ all ] alone, or"
                            + " leave all out");
        }
        return new GroupConfigSection(
                name,
                connection,
                mailboxes,
                mailboxesFrom,
                FolderSelectorConverter.watched(folders),
                new LinkedHashSet<>(events),
                frequency,
                snapshot,
                !expose.isEmpty(),
                detail.equals("message"),
                forwardTo);
    }

    /// Reports an empty list. A list that is empty because of faults in its items is no second fault.
    private static void rejectEmpty(ConfigSectionReader section, String key) {
        if (section.isEmptyList(key)) {
            section.addFault(section.mark(key), section.dotted(key) + " is empty; add at least one");
        }
    }

    private static List<DistributionGroupSource> mailboxesFrom(ConfigSectionReader section) {
        var result = new ArrayList<DistributionGroupSource>();
        for (var source : section.sectionList("mailboxes-from")) {
            var address = source.require("group", ADDRESS, PLACEHOLDER);
            result.add(new DistributionGroupSource(address, source.get("refresh", REFRESH, Duration.ofHours(1))));
            source.finish();
        }
        return result;
    }

    private List<MailboxAddress> mailboxes(String group, String connection, ConfigSectionReader section) {
        var all = new ArrayList<ListedMailbox>();
        section.listWithLocations("mailboxes", ADDRESS)
                .forEach(address -> all.add(new ListedMailbox(address, Optional.empty())));
        section.find("mailboxes-file", ValueConverter.TEXT)
                .ifPresent(file -> all.addAll(new MailboxListReader(folder, section, group).read(file)));
        all.forEach(mailbox -> rejectDuplicate(section, mailbox.address()));
        if (impersonatesBySid.test(connection)) {
            all.forEach(mailbox -> readSid(section, connection, mailbox));
            rejectMembers(section, connection);
        }
        return all.stream().map(mailbox -> mailbox.address().value()).distinct().toList();
    }

    private void readSid(ConfigSectionReader section, String connection, ListedMailbox mailbox) {
        var address = mailbox.address().value();
        if (mailbox.sid().isEmpty()) {
            section.addFault(
                    mailbox.address().mark(),
                    address + " has no SID, and connection '" + connection + "' impersonates by sid; list it in a"
                            + " mailboxes-file with a column SID");
            return;
        }
        var sid = mailbox.sid().get();
        var first = seenSids.putIfAbsent(sid.value(), sid.mark());
        if (!SID.matcher(sid.value()).matches()) {
            section.addFault(
                    sid.mark(),
                    "'" + sid.value() + "' is not a SID; write it like S-1-5-21-1004336348-1177238915-682003330-1103");
        } else if (first != null) {
            section.addFault(
                    sid.mark(),
                    sid.value() + " is there already, at " + first + "; each mailbox has its own SID, so correct one"
                            + " of the two");
        } else {
            sids.computeIfAbsent(connection, name -> new HashMap<>()).put(address, sid.value());
        }
    }

    /// Rejects distribution groups, whose members come without SIDs.
    private static void rejectMembers(ConfigSectionReader section, String connection) {
        if (section.has("mailboxes-from") && !section.isEmptyList("mailboxes-from")) {
            section.addFault(
                    section.mark("mailboxes-from"),
                    section.dotted("mailboxes-from") + " brings addresses without SIDs, and connection '" + connection
                            + "' impersonates by sid; list the mailboxes in a mailboxes-file with a column SID");
        }
    }

    private void rejectDuplicate(ConfigSectionReader section, LocatedValue<MailboxAddress> mailbox) {
        var first = seen.putIfAbsent(mailbox.value(), mailbox.mark());
        if (first != null) {
            section.addFault(
                    mailbox.mark(),
                    mailbox.value() + " is there already, at " + first
                            + "; a mailbox belongs to one group, so keep one of the two");
        }
    }

    private static ChangeKind change(String text) throws BadValueException {
        var labels = Arrays.stream(ChangeKind.values()).map(ChangeKind::label).toList();
        return ChangeKind.ofLabel(text)
                .orElseThrow(() -> new BadValueException(
                        "'" + text + "' is not a kind of event; " + NameSuggester.nearestOf(text, labels)));
    }

    /// Parses whole minutes, 1 to 1440 (XSD, SubscriptionStatusFrequencyType).
    private static Duration minutes(String text) throws BadValueException {
        var value = QuantityFormat.duration(text);
        if (value.compareTo(Duration.ofMinutes(1)) < 0
                || value.compareTo(Duration.ofMinutes(1440)) > 0
                || value.toMillis() % 60_000 != 0) {
            throw new BadValueException(
                    "'" + text + "' is not a valid frequency; write whole minutes from 1m to 1440m");
        }
        return value;
    }
}
