package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// Delivers mail to the mailboxes of the organization; other recipients get nothing. Implements SendItem.
final class ItemSender {
    private static final String OPERATION = "SendItem";

    private final MailboxScope scope;
    private final SimulatedMailbox mailbox;

    ItemSender(MailboxScope scope) {
        this.scope = scope;
        mailbox = scope.mailbox();
    }

    List<Consumer<XmlDocumentBuilder>> send(Element request) {
        var saves = ChildElementReader.isTrue(request, "SaveItemToFolder");
        var parts = new ChildElementReader(request);
        var items = ItemIdReader.items(parts);
        var folder = parts.optional(XmlDocumentBuilder.MESSAGES, "SavedItemFolderId");
        parts.end();
        return items.stream()
                .map(id -> MailboxOperations.refusable(OPERATION, () -> {
                    var named = folder.map(each -> ItemIdReader.folder(each, mailbox, "ErrorSavedItemFolderNotFound"));
                    var item = ItemIdReader.item(id, mailbox);
                    deliver(mail(item));
                    file(item, saves ? named.or(() -> Optional.of("sentitems")) : Optional.empty());
                    return SoapWriter.success(OPERATION, xml -> {});
                }))
                .toList();
    }

    private void file(SimulatedItem item, Optional<String> folder) {
        folder.ifPresentOrElse(to -> mailbox.move(item.id(), to), () -> mailbox.delete(item.id()));
    }

    private static SimulatedMail mail(SimulatedItem item) {
        return SimulatedMail.of(item.content().subject())
                .from(item.content().from())
                .ofClass(item.content().itemClass())
                .with(item.content().properties());
    }

    /// Delivers a mail to its recipients' inboxes. Hidden recipients do not appear there.
    void deliver(SimulatedMail mail) {
        var recipients = Stream.of("ToRecipients", "CcRecipients", "BccRecipients")
                .flatMap(name -> SimulatedRecipients.of(mail.properties().getOrDefault(name, "")).stream())
                .distinct()
                .toList();
        if (recipients.isEmpty()) {
            throw new ResponseErrorException("ErrorInvalidRecipients", "At least one recipient is not valid.");
        }
        var visible = new HashMap<>(mail.properties());
        visible.remove("BccRecipients");
        var delivered =
                new SimulatedMail(mail.subject(), mail.from(), mail.itemClass(), Optional.empty(), false, visible);
        recipients.stream().flatMap(this::mailbox).forEach(each -> each.deliver(delivered));
    }

    private Stream<SimulatedMailbox> mailbox(String address) {
        try {
            return scope.others().apply(new MailboxAddress(address)).stream();
        } catch (InvalidValueException notAnAddress) {
            throw new ResponseErrorException("ErrorInvalidRecipients", "At least one recipient is not valid.");
        }
    }
}
