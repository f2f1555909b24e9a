package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.TextFiles;
import dev.tidemark.ews.config.UnreadableTextException;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a list of mailboxes that an operator or a tool wrote ([MailboxLines]).
record MailboxListReader(Path folder, ConfigSectionReader section, String group) {
    /// Mailbox of a list, with the SID beside it.
    record ListedMailbox(LocatedValue<MailboxAddress> address, Optional<LocatedValue<String>> sid) {}

    List<ListedMailbox> read(String name) {
        try {
            var file = folder.resolve(name);
            section.recordMailboxList(group, "mailboxes-file", file);
            return mailboxes(file.toString(), TextFiles.read(file).lines().toList());
        } catch (UnreadableTextException noText) {
            section.addFault(new SourceLocation(folder.resolve(name).toString(), noText.line(), 1), noText.sentence());
            return List.of();
        } catch (IOException | InvalidPathException unreadable) {
            section.addFault(
                    section.mark("mailboxes-file"),
                    section.dotted("mailboxes-file") + ": file " + folder.resolve(name)
                            + " cannot be read; create it, or fix the path");
            return List.of();
        }
    }

    private List<ListedMailbox> mailboxes(String file, List<String> lines) {
        var found = new ArrayList<ListedMailbox>();
        var list = new MailboxLines();
        for (var i = 0; i < lines.size(); i++) {
            var number = i + 1;
            var mark = new SourceLocation(file, number, 1);
            try {
                var cells = list.next(lines.get(i));
                if (cells.isPresent()) {
                    var address = cells.get().address();
                    mark = new SourceLocation(file, number, address.at() + 1);
                    found.add(new ListedMailbox(
                            new LocatedValue<>(AddressText.read(address.text()), mark),
                            cells.get().sid().map(sid -> located(sid, file, number))));
                }
            } catch (BadValueException wrong) {
                section.addFault(mark, wrong.sentence());
            }
        }
        return found;
    }

    private static LocatedValue<String> located(MailboxLines.Cell cell, String file, int line) {
        return new LocatedValue<>(AddressText.trimmed(cell.text()), new SourceLocation(file, line, cell.at() + 1));
    }
}
