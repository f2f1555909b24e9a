package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ItemId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.w3c.dom.Element;

/// Implements CreateItem: saves items, sends them, or both.
final class ItemCreator {
    private static final String OPERATION = "CreateItem";
    private static final String SAVE_ONLY = "SaveOnly";
    private static final String SEND_ONLY = "SendOnly";

    private final MailboxScope scope;
    private final SimulatedMailbox mailbox;

    ItemCreator(MailboxScope scope) {
        this.scope = scope;
        mailbox = scope.mailbox();
    }

    List<Consumer<XmlDocumentBuilder>> create(Element request) {
        var disposition = request.getAttribute("MessageDisposition");
        if (!disposition.isEmpty()) {
            ItemIdReader.choice(request, "MessageDisposition", List.of(SAVE_ONLY, SEND_ONLY, "SendAndSaveCopy"));
        }
        var parts = new ChildElementReader(request);
        var folder = parts.optional(XmlDocumentBuilder.MESSAGES, "SavedItemFolderId");
        var items = ItemIdReader.children(parts.required(XmlDocumentBuilder.MESSAGES, "Items"));
        parts.end();
        return items.stream()
                .map(item -> MailboxOperations.refusable(OPERATION, () -> create(item, disposition, folder)))
                .toList();
    }

    private Consumer<XmlDocumentBuilder> create(Element item, String disposition, Optional<Element> folder) {
        var kind = ItemProperties.ofElement(item);
        var message = kind.element().equals("Message");
        if (message && disposition.isEmpty()) {
            throw new ResponseErrorException(
                    "ErrorMessageDispositionRequired", "A message needs the attribute MessageDisposition.");
        }
        var sends = message && !disposition.equals(SAVE_ONLY);
        var mail = ItemProperties.mail(item, mailbox.address().value());
        var named = folder.map(each -> ItemIdReader.folder(each, mailbox, "ErrorSavedItemFolderNotFound"));
        if (sends) {
            new ItemSender(scope).deliver(mail);
        }
        if (sends && disposition.equals(SEND_ONLY)) {
            return SoapWriter.success(OPERATION, xml -> xml.empty("m:Items"));
        }
        var id = mailbox.create(named.orElse(sends ? "sentitems" : kind.folder()), mail);
        return SoapWriter.success(OPERATION, xml -> {
            xml.open("m:Items");
            if (!sends) {
                idOnly(xml, id);
            }
            xml.close();
        });
    }

    private void idOnly(XmlDocumentBuilder xml, ItemId id) {
        mailbox.item(id).ifPresent(item -> ItemWriter.idOnly(xml, item));
    }
}
