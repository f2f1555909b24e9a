package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.soap.ChildElementReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// Properties of items as clients write them: their order in the schema, and the kinds of items that have them.
final class ItemProperties {
    private static final String EXTENDED = "ExtendedProperty ";

    /// Element, class of its items and default folder.
    private static final List<ItemKind> KINDS = List.of(
            new ItemKind("MeetingRequest", "IPM.Schedule.Meeting.Request", "inbox"),
            new ItemKind("CalendarItem", "IPM.Appointment", "calendar"),
            new ItemKind("Contact", "IPM.Contact", "contacts"),
            new ItemKind("DistributionList", "IPM.DistList", "contacts"),
            new ItemKind("Task", "IPM.Task", "tasks"),
            new ItemKind("PostItem", "IPM.Post", "inbox"),
            new ItemKind("Message", "IPM.Note", "drafts"),
            new ItemKind("Message", "REPORT.", "inbox"),
            new ItemKind("Item", "", "drafts"));

    private static final Map<String, List<String>> ORDERS = read();

    record ItemKind(String element, String itemClass, String folder) {}

    private ItemProperties() {}

    static ItemKind ofClass(String itemClass) {
        return KINDS.stream()
                .filter(kind -> itemClass.startsWith(kind.itemClass()))
                .findFirst()
                .orElseThrow();
    }

    static ItemKind ofElement(Element item) {
        return KINDS.stream()
                .filter(kind -> kind.element().equals(item.getLocalName()))
                .findFirst()
                .orElseThrow(() -> new SimulatorException("'" + item.getLocalName() + "' is no kind of item."));
    }

    /// Returns the names of the properties of an element in the order of the schema.
    static List<String> order(String element) {
        return ORDERS.getOrDefault(element, List.of());
    }

    /// Reads a new item. Properties that have their own place in a mail stand there.
    static SimulatedMail mail(Element item, String owner) {
        var properties = properties(item);
        var subject = MarkupSerializer.text(properties.getOrDefault("Subject", ""));
        var itemClass = MarkupSerializer.text(properties.getOrDefault("ItemClass", ""));
        properties.remove("Subject");
        properties.remove("ItemClass");
        var from = SimulatedRecipients.of(properties.getOrDefault("From", "")).stream()
                .findFirst()
                .orElse(owner);
        properties.remove("From");
        var read = ChildElementReader.isTrue(MarkupSerializer.text(properties.getOrDefault("IsRead", "true")));
        properties.remove("IsRead");
        return SimulatedMail.of(subject)
                .from(from)
                .ofClass(itemClass.isEmpty() ? ofElement(item).itemClass() : itemClass)
                .read(read)
                .with(properties);
    }

    static Map<String, String> properties(Element item) {
        var found = new HashMap<String, String>();
        var parts = new ChildElementReader(item);
        for (var next = parts.any(); next.isPresent(); next = parts.any()) {
            found.put(key(next.get()), MarkupSerializer.markup(next.get()));
        }
        return found;
    }

    /// Returns the key of a property: its name, or the path of an extended one.
    static String key(Element property) {
        return property.getLocalName().equals("ExtendedProperty")
                ? extendedKey(new ChildElementReader(property).any().orElse(property))
                : String.valueOf(property.getLocalName());
    }

    /// Returns the key of an extended property, which does not depend on the order of its attributes.
    static String extendedKey(Element path) {
        return EXTENDED
                + Stream.of("DistinguishedPropertySetId", "PropertySetId", "PropertyTag", "PropertyName", "PropertyId")
                        .map(name -> name + "=" + path.getAttribute(name).toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" "));
    }

    private static Map<String, List<String>> read() {
        try (var in = Objects.requireNonNull(ItemProperties.class.getResourceAsStream("item-properties.txt"))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(" ")))
                    .collect(Collectors.toMap(line -> line.get(0), line -> line.subList(1, line.size())));
            var common = lines.getOrDefault("Item", List.of());
            return lines.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey,
                            entry -> entry.getKey().equals("Item")
                                    ? common
                                    : Stream.concat(common.stream(), entry.getValue().stream())
                                            .toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
