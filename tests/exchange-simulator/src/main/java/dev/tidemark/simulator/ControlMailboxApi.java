package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.mailbox.SimulatorJson;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Control paths of one mailbox.
final class ControlMailboxApi {
    private final SimulatedExchange exchange;

    ControlMailboxApi(SimulatedExchange exchange) {
        this.exchange = exchange;
    }

    /// Handles a path below a mailbox, such as `items/AAMk…`.
    Optional<SimulatorResponse> handle(
            String method, MailboxAddress address, String path, Map<String, String> query, String body) {
        var slash = path.indexOf('/');
        var line = method + " " + (slash < 0 ? path : path.substring(0, slash));
        var id = slash < 0 ? "" : path.substring(slash + 1);
        return Optional.ofNullable(
                switch (line) {
                    case "POST " -> done(exchange.addMailbox(address).address().value());
                    case "DELETE " -> remove(address);
                    case "POST mail" -> mail(exchange.mailbox(address), query, body);
                    case "POST forget" -> done(exchange.forgetSubscriptions(address) + " subscriptions forgotten");
                    case "POST move" -> move(address);
                    case "POST folders" -> folder(exchange.mailbox(address), SimulatorJson.read(body));
                    case "POST items" -> create(exchange.mailbox(address), SimulatorJson.read(body));
                    case "PATCH items" -> change(exchange.mailbox(address), item(id), SimulatorJson.read(body));
                    case "DELETE items" -> delete(exchange.mailbox(address), item(id), query);
                    default -> null;
                });
    }

    private SimulatorResponse remove(MailboxAddress address) {
        exchange.removeMailbox(exchange.mailbox(address).address());
        return done("removed");
    }

    private SimulatorResponse move(MailboxAddress address) {
        exchange.moveMailbox(address);
        return done("moved");
    }

    private static SimulatorResponse mail(SimulatedMailbox mailbox, Map<String, String> query, String body) {
        if (body.isBlank()) {
            return done(mailbox.deliver(query.getOrDefault("subject", "A mail")).id());
        }
        var asked = SimulatorJson.read(body);
        var folder = ControlFaultApi.text(asked, "folder", "inbox");
        return itemId(mailbox.deliver(folder, mail(asked)));
    }

    private static SimulatedMail mail(Map<String, Object> asked) {
        var plain = SimulatedMail.of(ControlFaultApi.text(asked, "subject", "A mail"));
        var mail = plain.from(ControlFaultApi.text(asked, "from", plain.from()))
                .ofClass(ControlFaultApi.text(asked, "itemClass", plain.itemClass()));
        var to = ControlFaultApi.text(asked, "to", "");
        var body = ControlFaultApi.text(asked, "body", "");
        var received = ControlFaultApi.text(asked, "receivedAt", "");
        var addressed = to.isEmpty() ? mail : mail.to(to);
        var written = body.isEmpty() ? addressed : addressed.body(body);
        return received.isEmpty() ? written : written.receivedAt(Instant.parse(received));
    }

    private static SimulatorResponse folder(SimulatedMailbox mailbox, Map<String, Object> asked) {
        var name = ControlFaultApi.text(asked, "name", "");
        if (name.isEmpty()) {
            throw new SimulatorException("A folder needs 'name'.");
        }
        var id = mailbox.folders().create(ControlFaultApi.text(asked, "parent", "msgfolderroot"), name);
        return SimulatorResponse.Reply.json(SimulatorJson.write(Map.of("folderId", id.id())));
    }

    private static SimulatorResponse create(SimulatedMailbox mailbox, Map<String, Object> asked) {
        return itemId(mailbox.create(ControlFaultApi.text(asked, "folder", "inbox"), mail(asked)));
    }

    /// Applies the changes that a document names: `subject`, `read`, `moveTo`, `copyTo`.
    private static SimulatorResponse change(SimulatedMailbox mailbox, ItemId item, Map<String, Object> asked) {
        if (asked.containsKey("subject")) {
            mailbox.modify(item, ControlFaultApi.text(asked, "subject", ""));
        }
        if (asked.containsKey("read")) {
            mailbox.markRead(item, Boolean.parseBoolean(ControlFaultApi.text(asked, "read", "true")));
        }
        if (asked.containsKey("copyTo")) {
            return itemId(mailbox.copy(item, ControlFaultApi.text(asked, "copyTo", "")));
        }
        return itemId(
                asked.containsKey("moveTo") ? mailbox.move(item, ControlFaultApi.text(asked, "moveTo", "")) : item);
    }

    private static SimulatorResponse delete(SimulatedMailbox mailbox, ItemId item, Map<String, String> query) {
        switch (query.getOrDefault("kind", "hard")) {
            case "hard" -> mailbox.delete(item);
            case "soft" -> mailbox.softDelete(item);
            case "trash" -> mailbox.move(item, "deleteditems");
            default -> throw new SimulatorException("An item is deleted as one of hard, soft and trash.");
        }
        return done("deleted");
    }

    /// Reads an id of a path, where `-` and `_` may stand for `+` and `/`.
    private static ItemId item(String id) {
        return ItemId.of(id.replace('-', '+').replace('_', '/'));
    }

    private static SimulatorResponse itemId(ItemId id) {
        return SimulatorResponse.Reply.json(SimulatorJson.write(Map.of("itemId", id.id())));
    }

    private static SimulatorResponse done(String text) {
        return SimulatorResponse.Reply.text(200, text);
    }
}
