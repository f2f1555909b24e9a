package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.CorruptEntry;
import dev.tidemark.simulator.fault.FaultCatalog;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.FaultValues;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.RolledBack;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.mailbox.SimulatorJson;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Control paths that order faults and scripted responses.
final class ControlFaultApi {
    private static final List<String> PARAMETERS =
            List.of("times", "rate", "mailbox", "operation", "value", "delay", "to");

    private final SimulatedExchange exchange;

    ControlFaultApi(SimulatedExchange exchange) {
        this.exchange = exchange;
    }

    /// Orders a fault. Parameters: `times` or `rate`, `mailbox`, `operation`, `value`, `delay`, `to`. Refuses any
    /// other one, because a fault with a misspelled limit would strike without this limit.
    void order(String name, Map<String, String> query) {
        query.keySet().stream()
                .filter(parameter -> !PARAMETERS.contains(parameter))
                .findFirst()
                .ifPresent(parameter -> {
                    throw new SimulatorException("A fault has no parameter '" + parameter + "'; it takes "
                            + String.join(", ", PARAMETERS) + ".");
                });
        switch (name) {
            case "database-rolled-back" -> rollBack(query);
            case "move-mailbox" -> exchange.moveMailbox(mailbox(query));
            case "busy" -> {
                var shape = query.getOrDefault("value", "fault");
                var backOff = Optional.ofNullable(query.get("delay"))
                        .map(text -> Long.toString(FaultValues.duration(text).toMillis()));
                order(named("busy-" + shape), scope(query, backOff), query);
            }
            default -> {
                var value = Optional.ofNullable(query.get("value")).or(() -> Optional.ofNullable(query.get("delay")));
                order(named(name), scope(query, value), query);
            }
        }
    }

    private void order(SimulatorFault fault, FaultScope scope, Map<String, String> query) {
        if (fault == SimulatorFault.CORRUPT_ITEM) {
            scope.value().filter(value -> !value.startsWith("Error")).ifPresent(CorruptEntry::of);
        }
        if (query.containsKey("rate")) {
            exchange.faults().rate(fault, scope, Double.parseDouble(query.getOrDefault("rate", "0")));
        } else {
            exchange.faults().next(fault, scope, times(query));
        }
    }

    private static int times(Map<String, String> query) {
        var times = FaultValues.integer(query.getOrDefault("times", "1"));
        if (times < 1) {
            throw new SimulatorException("A fault strikes at least once, so times is 1 or more.");
        }
        return times;
    }

    /// Restores a database, which is not a fault of single requests.
    private void rollBack(Map<String, String> query) {
        var manner = RolledBack.named(query.getOrDefault("value", "refuse"));
        var to = Instant.parse(query.getOrDefault("to", Instant.EPOCH.toString()));
        exchange.rollBackDatabase(mailbox(query), to, manner);
    }

    private static MailboxAddress mailbox(Map<String, String> query) {
        return new MailboxAddress(query.getOrDefault("mailbox", ""));
    }

    private static FaultScope scope(Map<String, String> query, Optional<String> value) {
        return new FaultScope(
                Optional.ofNullable(query.get("mailbox")).map(MailboxAddress::new),
                Optional.ofNullable(query.get("operation")),
                value);
    }

    private static SimulatorFault named(String name) {
        return SimulatorFault.named(name)
                .orElseThrow(() -> new SimulatorException("There is no fault '" + name + "'; there are "
                        + String.join(", ", FaultCatalog.lines().keySet()) + "."));
    }

    /// Scripts the response to the next requests of an operation, as a document describes it:
    /// `{operation, mailbox, status, headers, body, times}`. Without a mailbox, it is for requests of any mailbox.
    void script(String document) {
        var asked = SimulatorJson.read(document);
        var operation = text(asked, "operation", "");
        var address = Optional.ofNullable(asked.get("mailbox")).map(text -> new MailboxAddress(String.valueOf(text)));
        if (operation.isEmpty()) {
            throw new SimulatorException("A scripted response needs 'operation', such as Subscribe.");
        }
        var headers = asked.get("headers") instanceof Map<?, ?> map
                ? map.entrySet().stream()
                        .collect(Collectors.toMap(
                                each -> String.valueOf(each.getKey()), each -> String.valueOf(each.getValue())))
                : Map.<String, String>of();
        var response = new ScriptedError.Http(
                FaultValues.integer(text(asked, "status", "200")), headers, Optional.of(text(asked, "body", "")));
        var times = FaultValues.integer(text(asked, "times", "1"));
        var faults = exchange.faults();
        Collections.nCopies(times, response)
                .forEach(each -> address.ifPresentOrElse(
                        mailbox -> faults.respondWith(operation, mailbox, each),
                        () -> faults.respondWith(operation, each)));
    }

    static String text(Map<String, Object> object, String name, String otherwise) {
        return Optional.ofNullable(object.get(name)).map(String::valueOf).orElse(otherwise);
    }
}
