package dev.tidemark.ews;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds what went wrong in the shapes that a server tells it: a SOAP fault, or a response message.
final class Problems {
    private static final String UNNAMED_FAULT = "HttpFault";

    private Problems() {}

    /// The code stands in the detail, else in the faultcode behind a prefix.
    static Problem of(Wire.Fault fault) {
        var detail = fault.detail() == null ? new Wire.FaultDetail(null, null, null) : fault.detail();
        var code = WireValues.text(detail.responseCode())
                .or(() -> WireValues.text(fault.faultcode()).map(text -> text.substring(text.indexOf(':') + 1)))
                .filter(text -> !text.isBlank())
                .orElse(UNNAMED_FAULT);
        var text = WireValues.text(detail.message())
                .or(() -> WireValues.text(fault.faultstring()))
                .orElse("");
        return problem(code, text, detail.messageXml());
    }

    static Problem of(Wire.Message message) {
        var code = WireValues.text(message.responseCode()).orElse(NotificationReader.NO_CODE.value());
        return problem(code, WireValues.text(message.messageText()).orElse(""), message.messageXml());
    }

    static Problem of(String code, String text, Wire.MessageXml details) {
        return problem(code.isEmpty() ? NotificationReader.NO_CODE.value() : code, text, details);
    }

    private static Problem problem(String code, String text, Wire.@Nullable MessageXml details) {
        return new Problem(
                code,
                value(details, "InnerErrorResponseCode"),
                text,
                value(details, "BackOffMilliseconds").flatMap(Problems::milliseconds));
    }

    private static Optional<String> value(Wire.@Nullable MessageXml details, String name) {
        var values = details == null || details.value() == null ? List.<Wire.Value>of() : details.value();
        return values.stream()
                .filter(value -> name.equals(value.name()))
                .flatMap(value -> WireValues.text(value.text()).stream())
                .findFirst();
    }

    private static Optional<Duration> milliseconds(String text) {
        try {
            return Optional.of(Duration.ofMillis(Long.parseLong(text))).filter(Duration::isPositive);
        } catch (NumberFormatException expected) {
            return Optional.empty();
        }
    }
}
