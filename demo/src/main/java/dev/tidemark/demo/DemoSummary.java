package dev.tidemark.demo;

/// The simulator's ledger against the receiver's: items put into mailboxes, items in acknowledged
/// notifications, distinct items verified, further deliveries of an event, items not verified.
record DemoSummary(long sent, long acknowledged, long delivered, long duplicates, long missing) {
    String line() {
        return "sent %d acknowledged %d delivered %d duplicates %d missing %d"
                .formatted(sent, acknowledged, delivered, duplicates, missing);
    }
}
