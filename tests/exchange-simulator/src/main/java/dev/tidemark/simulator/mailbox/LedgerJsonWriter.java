package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Writes the ledger as JSON. Only this class of the module uses Jackson.
final class LedgerJsonWriter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private record DeliveredLine(String mailbox, String item, String at) {}

    private record AcknowledgedLine(
            String mailbox, String subscription, String previous, String last, List<String> items, String at) {}

    private LedgerJsonWriter() {}

    static String write(List<SimulatorLedger.Delivered> delivered, List<SimulatorLedger.Acknowledged> acknowledged) {
        return MAPPER.writeValueAsString(Map.of(
                "delivered", delivered.stream().map(LedgerJsonWriter::line).toList(),
                "acknowledged",
                        acknowledged.stream().map(LedgerJsonWriter::line).toList()));
    }

    private static DeliveredLine line(SimulatorLedger.Delivered one) {
        return new DeliveredLine(
                one.mailbox().value(), one.item().id(), one.at().toString());
    }

    private static AcknowledgedLine line(SimulatorLedger.Acknowledged one) {
        return new AcknowledgedLine(
                one.mailbox().value(),
                one.subscription().value(),
                one.previous().value(),
                one.last().value(),
                one.items().stream().map(ItemId::id).toList(),
                one.at().toString());
    }
}
