package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.ProtocolError;
import dev.tidemark.http.RequestedDelay;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Extracts the error of a SOAP fault or of a response message. Has no state.
final class ProtocolErrorExtractor {
    private static final String UNNAMED_FAULT = "HttpFault";

    private ProtocolErrorExtractor() {}

    /// Returns the error of a fault. The code is in the detail, else in the faultcode after a prefix (SOAP 1.1,
    /// section 4.4).
    static ProtocolError ofFault(WireElement fault) {
        var detail = fault.child("detail");
        var code = detail.textOf("ResponseCode")
                .or(() -> fault.textOf("faultcode").map(text -> text.substring(text.indexOf(':') + 1)))
                .filter(text -> !text.isBlank())
                .orElse(UNNAMED_FAULT);
        var text =
                detail.textOf("Message").or(() -> fault.textOf("faultstring")).orElse("");
        return of(code, text, details(detail));
    }

    static ProtocolError ofMessage(WireElement message) {
        return of(
                message.textOf("ResponseCode").orElse(""),
                message.textOf("MessageText").orElse(""),
                details(message));
    }

    /// Returns the error with these parts.
    ///
    /// @param details values of a MessageXml by their names
    static ProtocolError of(String code, String text, Map<String, String> details) {
        return new ProtocolError(
                code.isEmpty() ? NotificationReader.NO_CODE.value() : code,
                value(details, "InnerErrorResponseCode"),
                value(details, "Primary")
                        .map(primary -> withPrimary(text, primary))
                        .orElse(text),
                value(details, "BackOffMilliseconds").flatMap(ProtocolErrorExtractor::backOff));
    }

    /// Returns the values of a MessageXml by their names; the first value of a name counts.
    private static Map<String, String> details(WireElement parent) {
        var details = new HashMap<String, String>();
        for (var value : parent.child("MessageXml").children("Value")) {
            value.attribute("Name").ifPresent(name -> details.putIfAbsent(name, value.text()));
        }
        return details;
    }

    private static Optional<String> value(Map<String, String> details, String name) {
        return WireValueParser.text(details.get(name));
    }

    /// Adds the address to use instead, which ErrorNonPrimarySmtpAddress names (docs, responsecode).
    private static String withPrimary(String text, String primary) {
        return (text + " The primary address is " + primary + ".").strip();
    }

    private static Optional<Duration> backOff(String millis) {
        return RequestedDelay.ofMillis(millis).map(RequestedDelay::length).filter(Duration::isPositive);
    }
}
