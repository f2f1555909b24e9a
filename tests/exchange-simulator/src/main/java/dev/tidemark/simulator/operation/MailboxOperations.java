package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.w3c.dom.Element;

/// Operations that change or search one mailbox, by the names of their elements.
public final class MailboxOperations {
    /// Runs an operation and returns its response messages.
    private interface Operation {
        List<Consumer<XmlDocumentBuilder>> run(Element request, MailboxScope scope);
    }

    private static final String OOF = "GetUserOofSettingsRequest";

    private static final Map<String, Operation> ALL = Map.ofEntries(
            Map.entry("CreateItem", (request, scope) -> new ItemCreator(scope).create(request)),
            Map.entry("SendItem", (request, scope) -> new ItemSender(scope).send(request)),
            Map.entry("UpdateItem", ItemUpdater::update),
            Map.entry("MoveItem", ItemMover::move),
            Map.entry("CopyItem", ItemMover::copy),
            Map.entry("DeleteItem", ItemMover::delete),
            Map.entry("MarkAllItemsAsRead", ItemMover::markAll),
            Map.entry("FindItem", ItemFinder::find),
            Map.entry("CreateFolder", FolderEditHandler::create),
            Map.entry("UpdateFolder", FolderEditHandler::update),
            Map.entry("MoveFolder", FolderEditHandler::move),
            Map.entry("DeleteFolder", FolderEditHandler::delete),
            Map.entry("EmptyFolder", FolderEditHandler::empty),
            Map.entry("ConvertId", IdConverter::convert),
            Map.entry("GetServerTimeZones", ServerTimeZones::get));

    private MailboxOperations() {}

    static boolean has(String element) {
        return ALL.containsKey(element) || element.equals(OOF);
    }

    /// Returns the name of an operation, by which its response is named.
    static String operation(String element) {
        return element.equals(OOF) ? "GetUserOofSettings" : element;
    }

    /// Runs an operation and returns the document of its response.
    public static String answer(SimulatedEwsCall.MailboxCall call, MailboxScope scope) {
        var operation = ALL.get(call.name());
        return operation == null
                ? OofSettingsWriter.answer(call.name())
                : SoapWriter.answer(call.name(), operation.run(call.request(), scope));
    }

    /// Part of an operation that can be refused without affecting the others.
    interface Part {
        Consumer<XmlDocumentBuilder> run();
    }

    static Consumer<XmlDocumentBuilder> refusable(String operation, Part part) {
        try {
            return part.run();
        } catch (ResponseErrorException refusal) {
            return SoapWriter.refusal(operation, refusal);
        } catch (SimulatorException refusal) {
            return SoapWriter.refusal(
                    operation,
                    new ResponseErrorException("ErrorInvalidOperation", String.valueOf(refusal.getMessage())));
        }
    }
}
