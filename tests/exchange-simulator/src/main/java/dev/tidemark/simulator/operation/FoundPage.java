package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.SoapFaultException;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/// Page of a search, counted from its start or its end.
public record FoundPage(int offset, int limit, boolean fromEnd) {
    static final FoundPage ALL = new FoundPage(0, Integer.MAX_VALUE, false);

    static FoundPage read(Element view) {
        var limit = number(view, "MaxEntriesReturned", Integer.MAX_VALUE);
        return new FoundPage(
                number(view, "Offset", 0), limit, view.getAttribute("BasePoint").equals("End"));
    }

    private int from(int size) {
        return fromEnd ? Math.max(0, size - offset - limit) : Math.min(offset, size);
    }

    private int to(int size) {
        return fromEnd ? Math.max(0, size - offset) : (int) Math.min((long) from(size) + limit, size);
    }

    <T> List<T> of(List<T> all) {
        return all.subList(from(all.size()), to(all.size()));
    }

    /// Returns the attributes of the result's root element.
    String[] attributes(int size) {
        var last = fromEnd ? from(size) == 0 : to(size) == size;
        var found = new ArrayList<>(List.of(
                "IndexedPagingOffset",
                Integer.toString(fromEnd ? from(size) : to(size)),
                "TotalItemsInView",
                Integer.toString(size),
                "IncludesLastItemInRange",
                Boolean.toString(last)));
        return found.toArray(String[]::new);
    }

    private static int number(Element element, String attribute, int otherwise) {
        var text = element.getAttribute(attribute);
        try {
            return text.isEmpty() ? otherwise : Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException noInteger) {
            throw SoapFaultException.schema(
                    element, "The attribute '" + attribute + "' holds '" + text + "', no integer.");
        }
    }
}
