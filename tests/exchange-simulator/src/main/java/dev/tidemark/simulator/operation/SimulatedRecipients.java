package dev.tidemark.simulator.operation;

import java.util.List;
import java.util.regex.Pattern;

/// Addresses in the markup of recipients.
final class SimulatedRecipients {
    private static final Pattern ADDRESS = Pattern.compile("<t:EmailAddress>([^<]*)<");

    private SimulatedRecipients() {}

    static List<String> of(String markup) {
        return ADDRESS.matcher(markup)
                .results()
                .map(found -> MarkupSerializer.text(found.group(1)))
                .toList();
    }
}
