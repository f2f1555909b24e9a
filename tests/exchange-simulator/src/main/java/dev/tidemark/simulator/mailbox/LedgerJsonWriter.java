package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import java.util.List;
import java.util.Map;

/// Writes the ledger as JSON.
final class LedgerJsonWriter {
    private LedgerJsonWriter() {}

    static String write(List<SimulatorLedger.Delivered> delivered, List<SimulatorLedger.Acknowledged> acknowledged) {
        return SimulatorJson.write(Map.of(
                "delivered", delivered.stream().map(LedgerJsonWriter::line).toList(),
                "acknowledged",
                        acknowledged.stream().map(LedgerJsonWriter::line).toList()));
    }

    private static Map<String, Object> line(SimulatorLedger.Delivered one) {
        return Map.of(
                "mailbox", one.mailbox().value(),
                "item", one.item().id(),
                "at", one.at().toString());
    }

    private static Map<String, Object> line(SimulatorLedger.Acknowledged one) {
        return Map.of(
                "mailbox", one.mailbox().value(),
                "subscription", one.subscription().value(),
                "previous", one.previous().value(),
                "last", one.last().value(),
                "items", one.items().stream().map(ItemId::id).toList(),
                "at", one.at().toString());
    }
}
