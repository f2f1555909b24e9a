package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// Condition of FindItem and FindFolder on the texts of properties (XSD, SearchExpressionType).
///
/// @param matches takes a function from the name of a property to its text
record SearchRestriction(Predicate<Function<String, Optional<String>>> matches) {
    static SearchRestriction read(Element restriction) {
        var expression = new ChildElementReader(restriction)
                .any()
                .orElseThrow(() -> SoapFaultException.schema(restriction, "The element 'Restriction' is empty."));
        return new SearchRestriction(expression(expression));
    }

    private static Predicate<Function<String, Optional<String>>> expression(Element element) {
        return switch (element.getLocalName()) {
            case "And" -> expressions(element).stream().reduce(Predicate::and).orElse(values -> true);
            case "Or" -> expressions(element).stream().reduce(Predicate::or).orElse(values -> true);
            case "Not" -> expressions(element).get(0).negate();
            case "Exists" -> values -> values.apply(field(element)).isPresent();
            case "Contains" -> contains(element);
            case "IsEqualTo" -> compare(element, order -> order == 0);
            case "IsNotEqualTo" -> compare(element, order -> order != 0);
            case "IsGreaterThan" -> compare(element, order -> order > 0);
            case "IsGreaterThanOrEqualTo" -> compare(element, order -> order >= 0);
            case "IsLessThan" -> compare(element, order -> order < 0);
            case "IsLessThanOrEqualTo" -> compare(element, order -> order <= 0);
            default ->
                throw SoapFaultException.schema(
                        element, "'" + element.getLocalName() + "' is no search expression of this server.");
        };
    }

    private static List<Predicate<Function<String, Optional<String>>>> expressions(Element parent) {
        var parts = new ChildElementReader(parent);
        return Stream.generate(parts::any)
                .takeWhile(Optional::isPresent)
                .map(each -> expression(each.get()))
                .toList();
    }

    private static Predicate<Function<String, Optional<String>>> contains(Element element) {
        var name = field(element);
        var wanted = constant(element).toLowerCase(Locale.ROOT);
        return switch (element.getAttribute("ContainmentMode")) {
            case "FullString" -> holds(name, text -> text.equals(wanted));
            case "Prefixed", "PrefixOnWords" -> holds(name, text -> text.startsWith(wanted));
            default -> holds(name, text -> text.contains(wanted));
        };
    }

    private static Predicate<Function<String, Optional<String>>> holds(String name, Predicate<String> wanted) {
        return values -> values.apply(name)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(wanted)
                .isPresent();
    }

    private static Predicate<Function<String, Optional<String>>> compare(Element element, Predicate<Integer> wanted) {
        var name = field(element);
        var constant = constant(element);
        return values -> values.apply(name)
                .filter(text -> wanted.test(order(text, constant)))
                .isPresent();
    }

    /// Compares times as times, numbers as numbers, and other texts without case.
    static int order(String one, String other) {
        var times =
                Stream.of(one, other).flatMap(text -> instant(text).stream()).toList();
        if (times.size() == 2) {
            return times.get(0).compareTo(times.get(1));
        }
        if (one.matches("-?\\d{1,18}") && other.matches("-?\\d{1,18}")) {
            return Long.compare(Long.parseLong(one), Long.parseLong(other));
        }
        if (one.equals("true") || one.equals("false")) {
            return Boolean.compare(ChildElementReader.isTrue(one), ChildElementReader.isTrue(other));
        }
        return one.compareToIgnoreCase(other);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return text.contains("T") ? Optional.of(OffsetDateTime.parse(text).toInstant()) : Optional.empty();
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }

    private static String field(Element expression) {
        var path = new ChildElementReader(expression)
                .any()
                .orElseThrow(() -> SoapFaultException.schema(expression, "The search expression names no property."));
        return path.getLocalName().equals("ExtendedFieldURI")
                ? ItemProperties.extendedKey(path)
                : ResponseShapeReader.field(path);
    }

    private static String constant(Element expression) {
        var constants = expression.getElementsByTagNameNS("*", "Constant");
        return constants.item(0) instanceof Element constant ? constant.getAttribute("Value") : "";
    }
}
