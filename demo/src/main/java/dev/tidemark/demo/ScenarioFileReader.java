package dev.tidemark.demo;

import dev.tidemark.simulator.fault.FaultCatalog;
import dev.tidemark.simulator.fault.FaultValues;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// Reads and validates a scenario file. Reports every mistake at once, each with file, line and column.
final class ScenarioFileReader {
    private static final List<String> TOP = List.of("mailboxes", "rate", "steps");
    private static final List<String> FAULT =
            List.of("at", "fault", "times", "rate", "mailbox", "operation", "value", "delay", "to");
    private static final List<String> MAIL = List.of("at", "mail", "subject");
    private static final List<String> CLEAR = List.of("at", "clear");

    private final String file;
    private final List<String> mistakes = new ArrayList<>();

    private ScenarioFileReader(String file) {
        this.file = file;
    }

    static SimulatorScenario read(Path path) {
        try {
            return parse(path.toString(), Files.readString(path));
        } catch (IOException e) {
            throw new DemoCommandException(2, "The scenario " + path + " cannot be read; name a readable file.", e);
        }
    }

    static SimulatorScenario parse(String file, String text) {
        var reader = new ScenarioFileReader(file);
        var scenario = reader.scenario(DemoJsonCodec.readYaml(file, text));
        if (!reader.mistakes.isEmpty()) {
            throw new DemoCommandException(2, String.join("\n", reader.mistakes));
        }
        return scenario;
    }

    private SimulatorScenario scenario(ScenarioNode root) {
        var fields = fields(root, TOP);
        var mailboxes = entries(fields, "mailboxes").stream()
                .flatMap(node -> value(node, "an address", MailboxAddress::new).stream())
                .toList();
        var rate = Optional.ofNullable(fields.get("rate"))
                .flatMap(node -> value(node, "a number of mails per second", ScenarioFileReader::rate));
        var steps = entries(fields, "steps").stream()
                .flatMap(node -> step(node).stream())
                .toList();
        return new SimulatorScenario(mailboxes, rate.orElse(0.0), steps);
    }

    private Optional<SimulatorScenario.ScenarioStep> step(ScenarioNode node) {
        var given = node.fields().orElse(Map.of());
        var names = given.containsKey("fault") ? FAULT : given.containsKey("mail") ? MAIL : CLEAR;
        var fields = fields(node, names);
        // a wrong time must not hide the other mistakes of its step
        var at = required(node, fields, "at")
                .flatMap(text -> value(text, "a time such as 30s", FaultValues::duration))
                .orElse(Duration.ZERO);
        if (given.containsKey("fault")) {
            return fault(at, fields);
        }
        if (given.containsKey("mail")) {
            return required(node, fields, "mail")
                    .flatMap(text -> value(text, "an address", MailboxAddress::new))
                    .map(address -> new SimulatorScenario.ScenarioStep.DeliverMail(
                            at, address, text(fields, "subject").orElse("A mail")));
        }
        return required(node, fields, "clear").map(ignored -> new SimulatorScenario.ScenarioStep.ClearFaults(at));
    }

    private Optional<SimulatorScenario.ScenarioStep> fault(Duration at, Map<String, ScenarioNode> fields) {
        var parameters = new TreeMap<String, String>();
        fields.forEach((name, node) -> node.text().ifPresent(text -> parameters.put(name, text)));
        parameters.keySet().removeAll(List.of("at", "fault"));
        check(fields, "times", "a whole number from 1", ScenarioFileReader::times);
        check(fields, "rate", "a probability from 0 to 1", ScenarioFileReader::probability);
        check(fields, "mailbox", "an address", MailboxAddress::new);
        check(fields, "delay", "a length of time such as 2s", FaultValues::duration);
        return Optional.ofNullable(fields.get("fault"))
                .flatMap(node -> value(node, "one of " + FaultCatalog.lines().keySet(), ScenarioFileReader::fault))
                .map(name -> new SimulatorScenario.ScenarioStep.OrderFault(at, name, parameters));
    }

    private static String fault(String name) {
        if (FaultCatalog.lines().containsKey(name) || SimulatorFault.named(name).isPresent()) {
            return name;
        }
        throw new SimulatorException("There is no fault '" + name + "'.");
    }

    private static int times(String text) {
        var times = FaultValues.integer(text);
        if (times < 1) {
            throw new SimulatorException("A fault strikes at least once.");
        }
        return times;
    }

    private static Double probability(String text) {
        var value = Double.parseDouble(text);
        if (value >= 0 && value <= 1) {
            return value;
        }
        throw new IllegalArgumentException(text);
    }

    private static Double rate(String text) {
        var value = Double.parseDouble(text);
        if (value >= 0 && Double.isFinite(value)) {
            return value;
        }
        throw new IllegalArgumentException(text);
    }

    private <T> void check(
            Map<String, ScenarioNode> fields, String name, String expected, Function<String, T> conversion) {
        Optional.ofNullable(fields.get(name)).ifPresent(node -> value(node, expected, conversion));
    }

    private <T> Optional<T> value(ScenarioNode node, String expected, Function<String, T> conversion) {
        try {
            if (node.text().isPresent()) {
                return Optional.of(conversion.apply(node.text().get()));
            }
        } catch (SimulatorException | IllegalArgumentException e) {
            return mistake(node, "'" + node.text().orElse("") + "' is not " + expected + ".");
        }
        return mistake(node, "this must be " + expected + ".");
    }

    private Optional<ScenarioNode> required(ScenarioNode parent, Map<String, ScenarioNode> fields, String name) {
        var found = Optional.ofNullable(fields.get(name));
        return found.isPresent() ? found : mistake(parent, "'" + name + "' is missing.");
    }

    private static Optional<String> text(Map<String, ScenarioNode> fields, String name) {
        return Optional.ofNullable(fields.get(name)).flatMap(ScenarioNode::text);
    }

    private List<ScenarioNode> entries(Map<String, ScenarioNode> fields, String name) {
        var node = fields.get(name);
        if (node == null) {
            return List.of();
        }
        return node.entries()
                .or(() -> mistake(node, "'" + name + "' must be a list."))
                .orElse(List.of());
    }

    private Map<String, ScenarioNode> fields(ScenarioNode node, List<String> known) {
        var fields = node.fields()
                .or(() -> mistake(node, "this must have fields; use " + known + "."))
                .orElse(Map.of());
        fields.forEach((name, value) -> {
            if (!known.contains(name)) {
                mistake(value, "'" + name + "' is not known here; use " + known + ".");
            }
        });
        return fields;
    }

    private <T> Optional<T> mistake(ScenarioNode node, String message) {
        mistakes.add(file + ":" + node.line() + ":" + node.column() + ": " + message);
        return Optional.empty();
    }
}
