package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
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
    private final Map<MailboxAddress, List<MailboxAddress>> members = new ConcurrentHashMap<>();
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

    void expandTo(MailboxAddress group, List<MailboxAddress> addresses) {
        members.put(group, List.copyOf(addresses));
    }

    /// Returns the members of a group (docs, expanddl-operation).
    Consumer<XmlDocumentBuilder> expand(SimulatedEwsCall.ExpandDL call) {
        var found = members.entrySet().stream()
                .filter(group -> group.getKey().value().equalsIgnoreCase(call.address()))
                .findFirst()
                .orElseThrow(() -> new ResponseErrorException("ErrorNameResolutionNoResults", "No results were found."))
                .getValue();
        return SoapWriter.success(call.operation(), xml -> {
            xml.open("m:DLExpansion", range(found.size(), true));
            found.forEach(address -> mailbox(xml, address, others.getOrDefault(address, "Mailbox")));
            xml.close();
        });
    }

    private static String[] range(int total, boolean last) {
        return new String[] {
            "TotalItemsInView", Integer.toString(total), "IncludesLastItemInRange", Boolean.toString(last)
        };
    }

    private static void mailbox(XmlDocumentBuilder xml, MailboxAddress address, String type) {
        xml.open("t:Mailbox")
                .text("t:Name", address.value().replaceFirst("@.*", ""))
                .text("t:EmailAddress", address.value())
                .text("t:RoutingType", "SMTP")
                .text("t:MailboxType", type)
                .close();
    }

    private static void write(XmlDocumentBuilder xml, List<Listed> found) {
        xml.open("m:ResolutionSet", range(found.size(), found.size() <= LIMIT));
        found.stream().limit(LIMIT).forEach(each -> {
            xml.open("t:Resolution");
            mailbox(xml, each.address(), each.type());
            xml.close();
        });
        xml.close();
    }
}
