package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.CorruptEntry;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.RolledBack;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lets another process drive the simulated Exchange over HTTP:
///
/// - `GET /simulator/ledger`: the ledger as JSON
/// - `POST /simulator/mailboxes/ADDRESS`: adds a mailbox
/// - `POST /simulator/mailboxes/ADDRESS/mail?subject=TEXT`: delivers a mail, gives the item's id
/// - `POST /simulator/mailboxes/ADDRESS/forget` or `/move`: forgets its subscriptions, moves it
/// - `POST /simulator/servers/HOST/restart`: forgets the subscriptions that one server holds
/// - `POST /simulator/faults/NAME?times=N` or `?rate=P`: a fault of [SimulatorFault], by its wire name; `mailbox=`,
///   `operation=` and `value=` limit it and give its value
/// - `POST /simulator/faults/database-rolled-back?mailbox=ADDRESS&to=INSTANT&value=refuse|silent|renumber`:
///   restores a mailbox's database to its state at INSTANT
/// - `POST /simulator/faults/clear`, `POST /simulator/forget`: no faults; no subscriptions
final class SimulatorControlApi {
    private static final Pattern MAILBOX = Pattern.compile("/simulator/mailboxes/([^/]+)(?:/(mail|forget|move))?");
    private static final Pattern FAULT = Pattern.compile("/simulator/faults/([a-z0-9-]+)");

    private static final Pattern SERVER = Pattern.compile("/simulator/servers/([^/]+)/restart");

    private static final String ROLLED_BACK = "database-rolled-back";

    private final SimulatedExchange exchange;

    SimulatorControlApi(SimulatedExchange exchange) {
        this.exchange = exchange;
    }

    SimulatorResponse handle(SimulatorRequest request) {
        try {
            var target = URI.create(request.target());
            var line = request.method() + " " + target.getPath();
            return switch (line) {
                case "GET /simulator/ledger" ->
                    SimulatorResponse.Reply.json(exchange.ledger().toJson());
                case "POST /simulator/forget" -> done(exchange.forgetSubscriptions() + " subscriptions forgotten");
                case "POST /simulator/faults/clear" -> {
                    exchange.faults().clear();
                    yield done("no faults");
                }
                default -> request.method().equals("POST") ? named(target) : unknown();
            };
        } catch (SimulatorException | IllegalArgumentException e) {
            return SimulatorResponse.Reply.text(400, String.valueOf(e.getMessage()));
        }
    }

    private SimulatorResponse named(URI target) {
        var query = query(target);
        var mailbox = MAILBOX.matcher(target.getPath());
        if (mailbox.matches()) {
            return mailbox(
                    new MailboxAddress(mailbox.group(1)),
                    Optional.ofNullable(mailbox.group(2)).orElse("add"),
                    query);
        }
        var server = SERVER.matcher(target.getPath());
        if (server.matches()) {
            return done(exchange.restartServer(server.group(1)) + " subscriptions forgotten");
        }
        var fault = FAULT.matcher(target.getPath());
        return fault.matches() ? fault(fault.group(1), query) : unknown();
    }

    private SimulatorResponse mailbox(MailboxAddress address, String action, Map<String, String> query) {
        return switch (action) {
            case "add" -> done(exchange.addMailbox(address).address().value());
            case "mail" ->
                done(exchange.mailbox(address)
                        .deliver(query.getOrDefault("subject", "A mail"))
                        .id());
            case "forget" -> done(exchange.forgetSubscriptions(address) + " subscriptions forgotten");
            case "move" -> {
                exchange.moveMailbox(address);
                yield done("moved");
            }
            default -> unknown();
        };
    }

    private SimulatorResponse fault(String name, Map<String, String> query) {
        if (name.equals(ROLLED_BACK)) {
            return rolledBack(query);
        }
        var busy = name.equals("busy");
        var fault = named(busy ? "busy-" + query.getOrDefault("value", "fault") : name);
        var scope = scope(query, busy ? Optional.empty() : Optional.ofNullable(query.get("value")));
        if (fault == SimulatorFault.CORRUPT_ITEM) {
            scope.value().filter(value -> !value.startsWith("Error")).ifPresent(CorruptEntry::of);
        }
        if (query.containsKey("rate")) {
            exchange.faults().rate(fault, scope, Double.parseDouble(query.getOrDefault("rate", "0")));
        } else {
            exchange.faults().next(fault, scope, Integer.parseInt(query.getOrDefault("times", "1")));
        }
        return done(name);
    }

    /// Restores a database, which is not a fault of single requests.
    private SimulatorResponse rolledBack(Map<String, String> query) {
        var manner = RolledBack.named(query.getOrDefault("value", "refuse"));
        var address = new MailboxAddress(query.getOrDefault("mailbox", ""));
        exchange.rollBackDatabase(address, Instant.parse(query.getOrDefault("to", Instant.EPOCH.toString())), manner);
        return done(ROLLED_BACK);
    }

    private static FaultScope scope(Map<String, String> query, Optional<String> value) {
        return new FaultScope(
                Optional.ofNullable(query.get("mailbox")).map(MailboxAddress::new),
                Optional.ofNullable(query.get("operation")),
                value);
    }

    private static SimulatorFault named(String name) {
        return SimulatorFault.named(name)
                .orElseThrow(() -> new IllegalArgumentException("There is no fault '" + name + "'; there are "
                        + Stream.concat(
                                        Stream.of("busy"),
                                        Arrays.stream(SimulatorFault.values()).map(SimulatorFault::wireName))
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    private static Map<String, String> query(URI target) {
        var found = new HashMap<String, String>();
        for (var pair : Optional.ofNullable(target.getRawQuery()).orElse("").split("&", -1)) {
            var equals = pair.indexOf('=');
            if (equals > 0) {
                found.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return found;
    }

    /// Decodes a value; a plus sign stands for itself, as in the rest of an address.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static SimulatorResponse done(String text) {
        return SimulatorResponse.Reply.text(200, text);
    }

    private static SimulatorResponse unknown() {
        return SimulatorResponse.Reply.text(404, "The simulator has no such control path.");
    }
}
