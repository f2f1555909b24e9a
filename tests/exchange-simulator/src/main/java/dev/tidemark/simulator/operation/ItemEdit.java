package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.soap.ChildElementReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Collects the changes of one item. Not thread-safe.
final class ItemEdit {
    private final SimulatedItem.Content before;
    private final Map<String, String> properties;
    private String subject;
    private String itemClass;
    private Optional<Boolean> read = Optional.empty();
    private boolean changed;

    ItemEdit(SimulatedItem.Content content) {
        before = content;
        properties = new HashMap<>(content.properties());
        subject = content.subject();
        itemClass = content.itemClass();
    }

    void set(String key, String index, String markup) {
        var text = MarkupSerializer.text(markup);
        if (key.equals("IsRead")) {
            read = Optional.of(ChildElementReader.isTrue(text));
            return;
        }
        changed = true;
        switch (key) {
            case "Subject" -> subject = text;
            case "ItemClass" -> itemClass = text;
            default -> properties.put(key, index.isEmpty() ? markup : merged(key, index, markup));
        }
    }

    void remove(String key, String index) {
        changed = true;
        if (key.equals("Subject")) {
            subject = "";
        } else if (index.isEmpty()) {
            properties.remove(key);
        } else {
            properties.computeIfPresent(
                    key, (name, old) -> entry(index).matcher(old).replaceAll(""));
        }
    }

    /// Replaces one entry of a dictionary, such as `EmailAddresses`.
    private String merged(String key, String index, String markup) {
        var entries = entry(index).matcher(markup);
        var added = entries.find() ? entries.group() : "";
        var old = properties.getOrDefault(key, "<t:" + key + "></t:" + key + ">");
        return entry(index)
                .matcher(old)
                .replaceAll("")
                .replaceFirst("</t:" + key + ">$", Matcher.quoteReplacement(added) + "</t:" + key + ">");
    }

    private static Pattern entry(String index) {
        return Pattern.compile("<t:Entry Key=\"" + Pattern.quote(index) + "\"[^>]*>.*?</t:Entry>", Pattern.DOTALL);
    }

    boolean changesContent() {
        return changed;
    }

    Optional<Boolean> read() {
        return read;
    }

    SimulatedItem.Content content() {
        return before.with(subject, properties).ofClass(itemClass);
    }
}
