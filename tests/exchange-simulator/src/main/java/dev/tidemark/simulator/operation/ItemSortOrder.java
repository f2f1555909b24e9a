package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.ChildElementReader;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// Order of the items in a response, by the texts of properties (XSD, NonEmptyArrayOfFieldOrdersType).
final class ItemSortOrder {
    private ItemSortOrder() {}

    static Optional<Comparator<Function<String, Optional<String>>>> read(Element order) {
        var parts = new ChildElementReader(order);
        return Stream.generate(parts::any)
                .takeWhile(Optional::isPresent)
                .map(each -> field(each.get()))
                .reduce(Comparator::thenComparing);
    }

    private static Comparator<Function<String, Optional<String>>> field(Element order) {
        var name = new ChildElementReader(order)
                .any()
                .map(ResponseShapeReader::field)
                .orElse("");
        Comparator<Function<String, Optional<String>>> ascending = (one, other) -> SearchRestriction.order(
                one.apply(name).orElse(""), other.apply(name).orElse(""));
        return order.getAttribute("Order").equals("Descending") ? ascending.reversed() : ascending;
    }
}
