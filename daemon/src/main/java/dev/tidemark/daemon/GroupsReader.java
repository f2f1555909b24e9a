package dev.tidemark.daemon;

import dev.tidemark.ews.FolderRef;
import dev.tidemark.subscriber.Snapshot;
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

/// Reads `subscriptions`.
final class GroupsReader {
    static final Kind<MailboxAddress> ADDRESS = new Kind<>(AddressText::read, MailboxAddress::value);
    private static final FolderWish INBOX = new FolderWish.Named(new FolderRef.Distinguished("inbox"));
    private static final Kind<ChangeKind> CHANGE = new Kind<>(GroupsReader::change, ChangeKind::label);
    private static final Kind<Duration> STATUS_FREQUENCY = new Kind<>(GroupsReader::minutes, Amounts::show);

    private final Section root;
    private final Path folder;
    private final Map<MailboxAddress, Mark> seen = new HashMap<>();

    GroupsReader(Section root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    List<Sectioned<GroupSettings>> read() {
        return root.items("subscriptions").stream()
                .map(section -> new Sectioned<>(group(section), section))
                .toList();
    }

    private GroupSettings group(Section section) {
        var name = section.require("name", Kind.NAME, "missing");
        var connection = section.require("connection", Kind.NAME, "missing");
        var mailboxes = mailboxes(section);
        var folders = section.list("folders", Folders.KIND, List.of(INBOX));
        var events = section.list("events", CHANGE, List.of(ChangeKind.NEW_MAIL));
        var frequency = section.get("status-frequency", STATUS_FREQUENCY, Duration.ofMinutes(10));
        var snapshot = section.get("snapshot", Snapshots.KIND, new Snapshot.None());
        var detail = section.get("detail", Kind.oneOf("thin", "message"), "thin");
        var expose = section.list("expose", Kind.oneOf("protocol"), List.of());
        var forwardTo = section.list("forward-to", Kind.NAME, List.of());
        section.end();
        if (!section.has("mailboxes-file") && (!section.has("mailboxes") || section.isEmptyList("mailboxes"))) {
            section.risk(
                    section.has("mailboxes") ? section.mark("mailboxes") : section.mark(),
                    "group '" + name + "' has no mailboxes, so nothing is subscribed for it; name some in mailboxes or"
                            + " in a mailboxes-file");
        }
        notEmpty(section, "folders");
        notEmpty(section, "events");
        if (Folders.isContradiction(folders)) {
            section.mistake(
                    section.mark("folders"),
                    section.dotted("folders") + " names all folders and others besides; write [ all ] alone, or"
                            + " leave all out");
        }
        return new GroupSettings(
                name,
                connection,
                mailboxes,
                Folders.watched(folders),
                new LinkedHashSet<>(events),
                frequency,
                snapshot,
                !expose.isEmpty(),
                detail.equals("message"),
                forwardTo);
    }

    /// What is left of a list with faults in it may be empty, too, but that is no second fault.
    private static void notEmpty(Section section, String key) {
        if (section.isEmptyList(key)) {
            section.mistake(section.mark(key), section.dotted(key) + " is empty; name one at least");
        }
    }

    private List<MailboxAddress> mailboxes(Section section) {
        var all = new ArrayList<>(section.placed("mailboxes", ADDRESS));
        section.find("mailboxes-file", Kind.TEXT)
                .ifPresent(file -> all.addAll(new MailboxFile(folder, section).read(file)));
        all.forEach(mailbox -> once(section, mailbox));
        return Placed.values(all).stream().distinct().toList();
    }

    private void once(Section section, Placed<MailboxAddress> mailbox) {
        var first = seen.putIfAbsent(mailbox.value(), mailbox.mark());
        if (first != null) {
            section.mistake(
                    mailbox.mark(),
                    mailbox.value() + " is there already, at " + first
                            + "; a mailbox belongs to one group, so keep one of the two");
        }
    }

    private static ChangeKind change(String text) throws BadValueException {
        var labels = Arrays.stream(ChangeKind.values()).map(ChangeKind::label).toList();
        return ChangeKind.ofLabel(text)
                .orElseThrow(() -> new BadValueException("'" + text + "' is no kind of event; the nearest name is "
                        + Nearest.to(text, labels).orElse("NewMail")));
    }

    /// Whole minutes, 1 to 1440 (XSD, SubscriptionStatusFrequencyType).
    private static Duration minutes(String text) throws BadValueException {
        var value = Amounts.duration(text);
        if (value.compareTo(Duration.ofMinutes(1)) < 0
                || value.compareTo(Duration.ofMinutes(1440)) > 0
                || value.toMillis() % 60_000 != 0) {
            throw new BadValueException(
                    "'" + text + "' is not what Exchange takes; write whole minutes from 1m to 1440m");
        }
        return value;
    }
}
