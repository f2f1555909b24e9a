package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// Implements FindItem with restriction, order, pages and calendar views. Without an order, the newest item comes
/// first. Groups and query strings are not supported.
final class ItemFinder {
    private static final String OPERATION = "FindItem";

    private record Query(
            SimulatedEwsCall.Shape shape,
            FoundPage page,
            Predicate<Function<String, Optional<String>>> wanted,
            Optional<Comparator<Function<String, Optional<String>>>> order,
            boolean associated) {}

    private ItemFinder() {}

    static List<Consumer<XmlDocumentBuilder>> find(Element request, MailboxScope scope) {
        var traversal = ItemIdReader.choice(request, "Traversal", List.of("Shallow", "SoftDeleted", "Associated"));
        var parts = new ChildElementReader(request);
        var shape = ResponseShapeReader.shape(parts.required(XmlDocumentBuilder.MESSAGES, "ItemShape"));
        var view = view(parts);
        var restriction =
                parts.optional(XmlDocumentBuilder.MESSAGES, "Restriction").map(SearchRestriction::read);
        var order = parts.optional(XmlDocumentBuilder.MESSAGES, "SortOrder").flatMap(ItemSortOrder::read);
        var folders = FolderRequestReader.folders(parts.required(XmlDocumentBuilder.MESSAGES, "ParentFolderIds"));
        parts.end();
        var wanted = restriction
                .map(SearchRestriction::matches)
                .orElse(values -> true)
                .and(view.map(ItemFinder::within).orElse(values -> true));
        var page = view.map(FoundPage::read).orElse(FoundPage.ALL);
        var query = new Query(shape, page, wanted, order, !traversal.equals("Shallow"));
        return folders.stream()
                .map(named -> MailboxOperations.refusable(OPERATION, () -> find(query, named, scope.mailbox())))
                .toList();
    }

    private static Optional<Element> view(ChildElementReader parts) {
        return parts.optional(XmlDocumentBuilder.MESSAGES, "IndexedPageItemView")
                .or(() -> parts.optional(XmlDocumentBuilder.MESSAGES, "FractionalPageItemView"))
                .or(() -> parts.optional(XmlDocumentBuilder.MESSAGES, "CalendarView"))
                .or(() -> parts.optional(XmlDocumentBuilder.MESSAGES, "ContactsView"));
    }

    /// Returns the condition of a calendar view: the item overlaps it.
    private static Predicate<Function<String, Optional<String>>> within(Element view) {
        var start = view.getAttribute("StartDate");
        var end = view.getAttribute("EndDate");
        if (start.isEmpty()) {
            return values -> true;
        }
        return values -> values.apply("Start")
                        .filter(from -> SearchRestriction.order(from, end) < 0)
                        .isPresent()
                && values.apply("End")
                        .filter(to -> SearchRestriction.order(to, start) > 0)
                        .isPresent();
    }

    private static Consumer<XmlDocumentBuilder> find(
            Query query, SimulatedEwsCall.FolderName named, SimulatedMailbox mailbox) {
        var owner = mailbox.address().value();
        var folder = FolderOperationHandler.folder(named, mailbox, "ErrorFolderNotFound");
        Function<SimulatedItem, Function<String, Optional<String>>> values =
                item -> name -> new ItemPropertyValues(item, owner, "Best").text(name);
        var found = query.associated()
                ? Stream.<SimulatedItem>empty()
                : mailbox.itemsIn(folder).stream()
                        .sorted(SimulatedItem.NEWEST_FIRST)
                        .filter(item -> query.wanted().test(values.apply(item)));
        var sorted = query.order()
                .map(order -> found.sorted(Comparator.comparing(values, order)))
                .orElse(found)
                .toList();
        var writer = ItemWriter.listed(query.shape(), owner);
        return SoapWriter.success(OPERATION, xml -> {
            xml.open("m:RootFolder", query.page().attributes(sorted.size()));
            xml.open("t:Items");
            query.page().of(sorted).forEach(item -> writer.write(xml, item));
            xml.close().close();
        });
    }
}
