package dev.tidemark.daemon;

import dev.tidemark.ews.MailboxAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads a list of mailboxes: one address a line, `#` starts a comment.
record MailboxFile(Path folder, Section section) {
    List<Placed<MailboxAddress>> read(String name) {
        try {
            var file = folder.resolve(name);
            return addresses(file.toString(), Files.readAllLines(file));
        } catch (IOException | InvalidPathException unreadable) {
            section.mistake(
                    section.mark("mailboxes-file"),
                    section.dotted("mailboxes-file") + ": file " + folder.resolve(name)
                            + " cannot be read; create it, or mend the path");
            return List.of();
        }
    }

    private List<Placed<MailboxAddress>> addresses(String file, List<String> lines) {
        var result = new ArrayList<Placed<MailboxAddress>>();
        for (var i = 0; i < lines.size(); i++) {
            var line = lines.get(i).replaceFirst("#.*", "");
            if (!line.isBlank()) {
                var mark = new Mark(
                        file, i + 1, 1 + line.length() - line.stripLeading().length());
                address(mark, line.strip(), result);
            }
        }
        return result;
    }

    private void address(Mark mark, String text, List<Placed<MailboxAddress>> result) {
        try {
            result.add(new Placed<>(GroupsReader.address(text), mark));
        } catch (BadValueException wrong) {
            section.mistake(mark, wrong.sentence());
        }
    }
}
