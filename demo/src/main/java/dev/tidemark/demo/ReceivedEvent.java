package dev.tidemark.demo;

import java.util.Optional;

/// Fields of an event that the receiver reads. `item` is the id of the event's item, if any.
record ReceivedEvent(
        String id, String type, String subject, String sequence, String origin, String time, Optional<String> item) {
    static final String RECEIVED = "dev.tidemark.mailbox.message.received";

    boolean isReceivedMail() {
        return type.equals(RECEIVED);
    }

    /// Formats the event on one line for the terminal.
    String line() {
        var shortType = type.replaceFirst("^dev\\.tidemark\\.", "");
        var number = sequence.replaceFirst("^0+(?=\\d)", "");
        return "%-24s %-30s %-24s #%-6s %-9s %s%s"
                .formatted(
                        time,
                        shortType,
                        subject,
                        number,
                        origin,
                        id,
                        item.map(one -> " " + shortened(one)).orElse(""));
    }

    /// Shortens the middle, because ids of Exchange differ at their ends.
    private static String shortened(String item) {
        return item.length() <= 16 ? item : item.substring(0, 4) + "…" + item.substring(item.length() - 8);
    }
}
