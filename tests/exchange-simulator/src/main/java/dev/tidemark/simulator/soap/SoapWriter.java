package dev.tidemark.simulator.soap;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Writes responses as Exchange 2019 does: ServerVersionInfo in the header, response messages in the messages
/// namespace.
public final class SoapWriter {
    /// Operations whose errors carry an empty list of items (XSD, ItemInfoResponseMessageType).
    private static final Set<String> WITH_ITEMS = Set.of("GetItem", "CreateItem", "UpdateItem", "MoveItem", "CopyItem");

    private SoapWriter() {}

    /// Writes a response with one response message per entry.
    public static String answer(String operation, List<Consumer<XmlDocumentBuilder>> messages) {
        return document(operation, xml -> {
            xml.open("m:ResponseMessages");
            messages.forEach(message -> message.accept(xml));
            xml.close();
        });
    }

    /// Writes a response whose element has this content.
    public static String document(String operation, Consumer<XmlDocumentBuilder> content) {
        var xml = new XmlDocumentBuilder()
                .open("s:Envelope", "xmlns:s", XmlDocumentBuilder.SOAP)
                .open("s:Header")
                .empty("h:ServerVersionInfo", version("xmlns:h"))
                .close()
                .open("s:Body");
        body(xml, operation, content);
        return xml.finish();
    }

    /// Writes one envelope of a stream, in the form of a capture: prefixes differ from those of a response, and
    /// there is no XML declaration.
    public static String streamed(String operation, Consumer<XmlDocumentBuilder> message) {
        var xml = XmlDocumentBuilder.fragment()
                .open("Envelope", "xmlns", XmlDocumentBuilder.SOAP)
                .open("soap11:Header", "xmlns:soap11", XmlDocumentBuilder.SOAP)
                .empty("ServerVersionInfo", version("xmlns"))
                .close()
                .open("soap11:Body", "xmlns:soap11", XmlDocumentBuilder.SOAP);
        body(xml, operation, content -> {
            content.open("m:ResponseMessages");
            message.accept(content);
            content.close();
        });
        return xml.finish();
    }

    private static void body(XmlDocumentBuilder xml, String operation, Consumer<XmlDocumentBuilder> content) {
        xml.open(
                "m:" + operation + "Response",
                "xmlns:m",
                XmlDocumentBuilder.MESSAGES,
                "xmlns:t",
                XmlDocumentBuilder.TYPES);
        content.accept(xml);
    }

    private static String[] version(String declaration) {
        return new String[] {
            "MajorVersion",
            "15",
            "MinorVersion",
            "2",
            "MajorBuildNumber",
            "1544",
            "MinorBuildNumber",
            "4",
            "Version",
            "V2017_07_11",
            declaration,
            XmlDocumentBuilder.TYPES
        };
    }

    public static Consumer<XmlDocumentBuilder> success(String operation, Consumer<XmlDocumentBuilder> content) {
        return xml -> {
            xml.open("m:" + operation + "ResponseMessage", "ResponseClass", "Success")
                    .text("m:ResponseCode", "NoError");
            content.accept(xml);
            xml.close();
        };
    }

    /// Writes a result with a warning.
    public static Consumer<XmlDocumentBuilder> warning(
            String operation, ResponseErrorException about, Consumer<XmlDocumentBuilder> content) {
        return message(operation, "Warning", about, content);
    }

    public static Consumer<XmlDocumentBuilder> refusal(String operation, ResponseErrorException refusal) {
        return refusal(operation, refusal, xml -> {
            if (WITH_ITEMS.contains(operation)) {
                xml.empty("m:Items");
            }
        });
    }

    /// Writes an error. Some operations repeat their empty content after it.
    public static Consumer<XmlDocumentBuilder> refusal(
            String operation, ResponseErrorException refusal, Consumer<XmlDocumentBuilder> content) {
        return message(operation, "Error", refusal, content);
    }

    private static Consumer<XmlDocumentBuilder> message(
            String operation,
            String responseClass,
            ResponseErrorException refusal,
            Consumer<XmlDocumentBuilder> content) {
        return xml -> {
            xml.open("m:" + operation + "ResponseMessage", "ResponseClass", responseClass)
                    .text("m:MessageText", refusal.text())
                    .text("m:ResponseCode", refusal.code())
                    .text("m:DescriptiveLinkKey", 0);
            if (refusal.backOff().isPresent() || refusal.inner().isPresent()) {
                xml.open("m:MessageXml");
                details(xml, refusal.inner(), refusal.backOff());
                xml.close();
            }
            content.accept(xml);
            xml.close();
        };
    }

    /// Writes a SOAP fault. The code has its own namespace in `detail`, the back-off is in the types namespace.
    public static String fault(SoapFaultException fault) {
        var xml = new XmlDocumentBuilder()
                .open("s:Envelope", "xmlns:s", XmlDocumentBuilder.SOAP)
                .open("s:Body")
                .open("s:Fault")
                .text("faultcode", "a:" + fault.code(), "xmlns:a", XmlDocumentBuilder.TYPES)
                .text("faultstring", fault.text(), "xml:lang", "en-US")
                .open("detail")
                .text("e:ResponseCode", fault.code(), "xmlns:e", XmlDocumentBuilder.ERRORS)
                .text("e:Message", fault.text(), "xmlns:e", XmlDocumentBuilder.ERRORS);
        if (fault.backOff().isPresent() || fault.inner().isPresent() || fault.isSchemaViolation()) {
            xml.open("t:MessageXml", "xmlns:t", XmlDocumentBuilder.TYPES);
            details(xml, fault.inner(), fault.backOff());
            violation(xml, fault);
            xml.close();
        }
        return xml.finish();
    }

    private static void violation(XmlDocumentBuilder xml, SoapFaultException fault) {
        if (fault.isSchemaViolation()) {
            xml.text("t:LineNumber", fault.position().line())
                    .text("t:LinePosition", fault.position().column())
                    .text("t:Violation", fault.text().substring(SoapFaultException.SCHEMA_TEXT.length()));
        }
    }

    private static void details(XmlDocumentBuilder xml, Optional<String> inner, Optional<Duration> backOff) {
        inner.ifPresent(code -> xml.text("t:Value", code, "Name", "InnerErrorResponseCode"));
        backOff.ifPresent(wait -> xml.text("t:Value", Long.toString(wait.toMillis()), "Name", "BackOffMilliseconds"));
    }
}
