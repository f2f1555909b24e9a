package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes responses as Exchange 2019 does: ServerVersionInfo in the header, response messages in the messages
/// namespace.
final class SoapWriter {
    private SoapWriter() {}

    /// Writes a response with one response message per entry.
    static String answer(String operation, List<Consumer<XmlDocumentBuilder>> messages) {
        var xml = new XmlDocumentBuilder()
                .open("s:Envelope", "xmlns:s", XmlDocumentBuilder.SOAP)
                .open("s:Header")
                .empty(
                        "h:ServerVersionInfo",
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
                        "xmlns:h",
                        XmlDocumentBuilder.TYPES)
                .close()
                .open("s:Body")
                .open(
                        "m:" + operation + "Response",
                        "xmlns:m",
                        XmlDocumentBuilder.MESSAGES,
                        "xmlns:t",
                        XmlDocumentBuilder.TYPES)
                .open("m:ResponseMessages");
        messages.forEach(message -> message.accept(xml));
        return xml.finish();
    }

    static Consumer<XmlDocumentBuilder> success(String operation, Consumer<XmlDocumentBuilder> content) {
        return xml -> {
            xml.open("m:" + operation + "ResponseMessage", "ResponseClass", "Success")
                    .text("m:ResponseCode", "NoError");
            content.accept(xml);
            xml.close();
        };
    }

    /// Writes a result with a warning.
    static Consumer<XmlDocumentBuilder> warning(
            String operation, ResponseErrorException about, Consumer<XmlDocumentBuilder> content) {
        return message(operation, "Warning", about, content);
    }

    static Consumer<XmlDocumentBuilder> refusal(String operation, ResponseErrorException refusal) {
        return refusal(operation, refusal, xml -> {});
    }

    /// Writes an error. Some operations repeat their empty content after it.
    static Consumer<XmlDocumentBuilder> refusal(
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
    static String fault(SoapFaultException fault) {
        var xml = new XmlDocumentBuilder()
                .open("s:Envelope", "xmlns:s", XmlDocumentBuilder.SOAP)
                .open("s:Body")
                .open("s:Fault")
                .text("faultcode", "a:" + fault.code(), "xmlns:a", XmlDocumentBuilder.TYPES)
                .text("faultstring", fault.text(), "xml:lang", "en-US")
                .open("detail")
                .text("e:ResponseCode", fault.code(), "xmlns:e", XmlDocumentBuilder.ERRORS)
                .text("e:Message", fault.text(), "xmlns:e", XmlDocumentBuilder.ERRORS);
        if (fault.backOff().isPresent() || fault.inner().isPresent()) {
            xml.open("t:MessageXml", "xmlns:t", XmlDocumentBuilder.TYPES);
            details(xml, fault.inner(), fault.backOff());
            xml.close();
        }
        return xml.finish();
    }

    private static void details(XmlDocumentBuilder xml, Optional<String> inner, Optional<Duration> backOff) {
        inner.ifPresent(code -> xml.text("t:Value", code, "Name", "InnerErrorResponseCode"));
        backOff.ifPresent(wait -> xml.text("t:Value", Long.toString(wait.toMillis()), "Name", "BackOffMilliseconds"));
    }
}
