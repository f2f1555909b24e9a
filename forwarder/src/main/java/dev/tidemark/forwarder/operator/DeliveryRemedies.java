package dev.tidemark.forwarder.operator;

import dev.tidemark.forwarder.targets.DeliveryResult;
import java.util.Locale;

/// Maps a failed test event to the remedy for the operator, one sentence each. Has no state.
final class DeliveryRemedies {
    private static final String REACH =
            "Check the sink's address, and that the receiver runs and can be reached from this machine.";

    private DeliveryRemedies() {}

    /// Returns the cause without a remedy that the text already has after a semicolon.
    static String cause(DeliveryResult result) {
        var text = result.text();
        var remedy = text.lastIndexOf("; ");
        return remedy < 0 ? text : text.substring(0, remedy);
    }

    static String of(DeliveryResult result) {
        return switch (result) {
            case DeliveryResult.Accepted ignored -> "";
            case DeliveryResult.Status status -> ofStatus(status.code());
            case DeliveryResult.NoAnswer noAnswer -> ofText(noAnswer.why());
            case DeliveryResult.Stale ignored -> REACH;
            case DeliveryResult.TimedOut ignored ->
                "Let the receiver respond first and work afterwards, or raise the sink's timeout.";
            case DeliveryResult.AddressRefused refused ->
                refused.allow()
                        .map(line -> "Add " + line + " to egress.allow.")
                        .orElse("Set a different url; no entry of egress.allow opens this address.");
            case DeliveryResult.NotSent ignored -> "Report this; the log shows where the event failed.";
        };
    }

    private static String ofStatus(int code) {
        return switch (code) {
            case 401, 403 ->
                "Give the receiver the sink's secret, and set the headers that it asks for in the sink's headers.";
            case 404, 405, 410 -> "Correct the path of the sink's url, or set up the receiver there.";
            case 429 -> "Set a rate-limit on the sink, or raise the receiver's.";
            case 502, 503, 504 -> "Start the receiver behind its proxy.";
            default ->
                code < 400
                        ? "Set the sink's url to the address of the receiver itself; redirects are not followed."
                        : "Check the receiver's log: it refused a signed event of type dev.tidemark.ping.";
        };
    }

    private static String ofText(String why) {
        var remedy = why.lastIndexOf("; ");
        if (remedy < 0) {
            return REACH;
        }
        var text = why.substring(remedy + 2);
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }
}
