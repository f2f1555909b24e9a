package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.TextFiles;
import dev.tidemark.ews.config.UnreadableTextException;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads a list of mailboxes that an operator or a tool wrote ([MailboxLines]).
record MailboxListReader(Path folder, ConfigSectionReader section, String group) {
    List<LocatedValue<MailboxAddress>> read(String name) {
        try {
            var file = folder.resolve(name);
            section.recordMailboxList(group, "mailboxes-file", file);
            return addresses(file.toString(), TextFiles.read(file).lines().toList());
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

    private List<LocatedValue<MailboxAddress>> addresses(String file, List<String> lines) {
        var found = new ArrayList<LocatedValue<MailboxAddress>>();
        var list = new MailboxLines();
        for (var i = 0; i < lines.size(); i++) {
            var number = i + 1;
            var mark = new SourceLocation(file, number, 1);
            try {
                var cell = list.next(lines.get(i));
                if (cell.isPresent()) {
                    mark = new SourceLocation(file, number, cell.get().at() + 1);
                    found.add(new LocatedValue<>(AddressText.read(cell.get().text()), mark));
                }
            } catch (BadValueException wrong) {
                section.addFault(mark, wrong.sentence());
            }
        }
        return found;
    }
}
