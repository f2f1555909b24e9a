package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.w3c.dom.Element;

/// Implements ConvertId. Each form is another notation of the same bytes, so that every conversion can be undone.
/// The entry ids inside are not those of Exchange.
final class IdConverter {
    private static final String OPERATION = "ConvertId";
    private static final List<String> FORMATS =
            List.of("EwsLegacyId", "EwsId", "EntryId", "HexEntryId", "StoreId", "OwaId");

    private IdConverter() {}

    static List<Consumer<XmlDocumentBuilder>> convert(Element request, MailboxScope scope) {
        var format = ItemIdReader.choice(request, "DestinationFormat", FORMATS);
        var parts = new ChildElementReader(request);
        var sources = ItemIdReader.children(parts.required(XmlDocumentBuilder.MESSAGES, "SourceIds"));
        parts.end();
        return sources.stream()
                .map(source -> MailboxOperations.refusable(OPERATION, () -> convert(source, format)))
                .toList();
    }

    private static Consumer<XmlDocumentBuilder> convert(Element source, String format) {
        var id = write(read(source.getAttribute("Id"), ItemIdReader.choice(source, "Format", FORMATS)), format);
        return SoapWriter.success(
                OPERATION,
                xml -> xml.empty(
                        "m:AlternateId",
                        "xmlns:xsi",
                        "http://www.w3.org/2001/XMLSchema-instance",
                        "xsi:type",
                        "t:AlternateIdType",
                        "Format",
                        format,
                        "Id",
                        id,
                        "Mailbox",
                        source.getAttribute("Mailbox")));
    }

    private static byte[] read(String id, String format) {
        try {
            return switch (format) {
                case "HexEntryId" -> HexFormat.of().parseHex(id.toLowerCase(Locale.ROOT));
                case "OwaId" -> Base64.getDecoder().decode(id.replace('-', '/').replace('_', '+'));
                default -> Base64.getDecoder().decode(id);
            };
        } catch (IllegalArgumentException e) {
            throw new ResponseErrorException("ErrorInvalidIdMalformed", "Id is malformed.");
        }
    }

    private static String write(byte[] id, String format) {
        var base64 = Base64.getEncoder().encodeToString(id);
        return switch (format) {
            case "HexEntryId" -> HexFormat.of().withUpperCase().formatHex(id);
            case "OwaId" -> base64.replace('/', '-').replace('+', '_');
            default -> base64;
        };
    }
}
