package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Simulates the organization's address list: its mailboxes, and groups and contacts without a mailbox.
/// Thread-safe.
final class SimulatedDirectory {
    private static final String OPERATION = "ResolveNames";

    /// XSD, ArrayOfResolutionType.
    private static final int LIMIT = 100;

    private final Map<MailboxAddress, String> others = new ConcurrentHashMap<>();
    private final Supplier<Collection<MailboxAddress>> mailboxes;

    private record Listed(MailboxAddress address, String type) {}

    SimulatedDirectory(Supplier<Collection<MailboxAddress>> mailboxes) {
        this.mailboxes = mailboxes;
    }

    /// Adds an address without a mailbox; `type` as in the schema (MailboxTypeType).
    void list(MailboxAddress address, String type) {
        others.put(address, type);
    }

    /// Resolves an entry to the mailbox with this address, or to all with this name prefix. Several are a
    /// warning, none is an error (docs, resolvenames-operation).
    Consumer<XmlDocumentBuilder> resolve(SimulatedEwsCall.ResolveNames call) {
        var entry = call.entry().toLowerCase(Locale.ROOT).replaceFirst("^smtp:", "");
        var found = Stream.concat(
                        mailboxes.get().stream().map(address -> new Listed(address, "Mailbox")),
                        others.entrySet().stream().map(other -> new Listed(other.getKey(), other.getValue())))
                .filter(each -> each.address().value().toLowerCase(Locale.ROOT).startsWith(entry))
                .sorted((one, other) ->
                        one.address().value().compareTo(other.address().value()))
                .toList();
        return switch (found.size()) {
            case 0 -> throw new ResponseErrorException("ErrorNameResolutionNoResults", "No results were found.");
            case 1 -> SoapWriter.success(OPERATION, xml -> write(xml, found));
            default ->
                SoapWriter.warning(
                        OPERATION,
                        new ResponseErrorException(
                                "ErrorNameResolutionMultipleResults", "Multiple results were found."),
                        xml -> write(xml, found));
        };
    }

    private static void write(XmlDocumentBuilder xml, List<Listed> found) {
        xml.open(
                "m:ResolutionSet",
                "TotalItemsInView",
                Integer.toString(found.size()),
                "IncludesLastItemInRange",
                Boolean.toString(found.size() <= LIMIT));
        found.stream().limit(LIMIT).forEach(each -> {
            xml.open("t:Resolution").open("t:Mailbox");
            xml.text("t:Name", each.address().value().replaceFirst("@.*", ""));
            xml.text("t:EmailAddress", each.address().value());
            xml.text("t:RoutingType", "SMTP").text("t:MailboxType", each.type());
            xml.close().close();
        });
        xml.close();
    }
}
