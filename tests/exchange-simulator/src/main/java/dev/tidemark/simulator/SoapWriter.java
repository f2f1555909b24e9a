package dev.tidemark.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes answers as an Exchange 2019 does: ServerVersionInfo in the header, response messages in the
/// messages namespace.
final class SoapWriter {
    private SoapWriter() {}

    /// An answer of one response message each.
    static String answer(String operation, List<Consumer<Xml>> messages) {
        var xml = new Xml()
                .open("s:Envelope", "xmlns:s", Xml.SOAP)
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
                        Xml.TYPES)
                .close()
                .open("s:Body")
                .open("m:" + operation + "Response", "xmlns:m", Xml.MESSAGES, "xmlns:t", Xml.TYPES)
                .open("m:ResponseMessages");
        messages.forEach(message -> message.accept(xml));
        return xml.finish();
    }

    static Consumer<Xml> success(String operation, Consumer<Xml> content) {
        return xml -> {
            xml.open("m:" + operation + "ResponseMessage", "ResponseClass", "Success")
                    .text("m:ResponseCode", "NoError");
            content.accept(xml);
            xml.close();
        };
    }

    /// What was asked for, with something to say about it.
    static Consumer<Xml> warning(String operation, EwsRefusal about, Consumer<Xml> content) {
        return message(operation, "Warning", about, content);
    }

    static Consumer<Xml> refusal(String operation, EwsRefusal refusal) {
        return refusal(operation, refusal, xml -> {});
    }

    /// Some operations repeat their empty content after an error.
    static Consumer<Xml> refusal(String operation, EwsRefusal refusal, Consumer<Xml> content) {
        return message(operation, "Error", refusal, content);
    }

    private static Consumer<Xml> message(
            String operation, String responseClass, EwsRefusal refusal, Consumer<Xml> content) {
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

    /// A SOAP fault; the code stands in its own namespace in `detail`, the back-off in the types namespace.
    static String fault(EwsFault fault) {
        var xml = new Xml()
                .open("s:Envelope", "xmlns:s", Xml.SOAP)
                .open("s:Body")
                .open("s:Fault")
                .text("faultcode", "a:" + fault.code(), "xmlns:a", Xml.TYPES)
                .text("faultstring", fault.text(), "xml:lang", "en-US")
                .open("detail")
                .text("e:ResponseCode", fault.code(), "xmlns:e", Xml.ERRORS)
                .text("e:Message", fault.text(), "xmlns:e", Xml.ERRORS);
        if (fault.backOff().isPresent() || fault.inner().isPresent()) {
            xml.open("t:MessageXml", "xmlns:t", Xml.TYPES);
            details(xml, fault.inner(), fault.backOff());
            xml.close();
        }
        return xml.finish();
    }

    private static void details(Xml xml, Optional<String> inner, Optional<Duration> backOff) {
        inner.ifPresent(code -> xml.text("t:Value", code, "Name", "InnerErrorResponseCode"));
        backOff.ifPresent(wait -> xml.text("t:Value", Long.toString(wait.toMillis()), "Name", "BackOffMilliseconds"));
    }
}
