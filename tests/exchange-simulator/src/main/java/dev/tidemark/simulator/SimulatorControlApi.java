package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultCatalog;
import dev.tidemark.simulator.fault.FaultValues;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.mailbox.SimulatorJson;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Lets another process drive the simulated Exchange over HTTP below `/simulator`. docs/simulator.md lists the
/// paths.
final class SimulatorControlApi {
    private static final Pattern MAILBOX = Pattern.compile("/simulator/mailboxes/([^/]+)(?:/(.+))?");
    private static final Pattern FAULT = Pattern.compile("/simulator/faults/([a-z0-9-]+)");
    private static final Pattern SERVER = Pattern.compile("/simulator/servers/([^/]+)/restart");

    private final SimulatedExchange exchange;
    private final ControlMailboxApi mailboxes;
    private final ControlFaultApi faults;

    SimulatorControlApi(SimulatedExchange exchange) {
        this.exchange = exchange;
        mailboxes = new ControlMailboxApi(exchange);
        faults = new ControlFaultApi(exchange);
    }

    SimulatorResponse handle(SimulatorRequest request) {
        try {
            var target = URI.create(request.target());
            var query = query(target);
            var path = String.valueOf(target.getRawPath());
            return fixed(request, path, query)
                    .or(() -> named(request, path, query))
                    .orElseGet(() -> SimulatorResponse.Reply.text(404, "The simulator has no such control path."));
        } catch (SimulatorException | IllegalArgumentException | DateTimeException e) {
            return SimulatorResponse.Reply.text(400, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return SimulatorResponse.Reply.text(503, "The simulator is being closed.");
        }
    }

    private Optional<SimulatorResponse> fixed(SimulatorRequest request, String path, Map<String, String> query)
            throws InterruptedException {
        return Optional.ofNullable(
                switch (request.method() + " " + path) {
                    case "GET /simulator/ledger" ->
                        SimulatorResponse.Reply.json(exchange.ledger().toJson());
                    case "GET /simulator/mailboxes" -> json(ControlViews.mailboxes(exchange));
                    case "GET /simulator/subscriptions" -> json(ControlViews.subscriptions(exchange));
                    case "GET /simulator/requests" -> json(ControlViews.requests(exchange, number(query, "after")));
                    case "GET /simulator/callbacks" ->
                        json(ControlViews.callbacks(exchange.callbacks().after(number(query, "after"), waitOf(query))));
                    case "GET /simulator/faults" -> json(FaultCatalog.lines());
                    case "POST /simulator/clock" -> advance(duration(query, "advance"));
                    case "POST /simulator/responses" -> script(request.body());
                    case "POST /simulator/reset" -> reset();
                    case "POST /simulator/forget" -> done(exchange.forgetSubscriptions() + " subscriptions forgotten");
                    case "POST /simulator/faults/clear" -> clear();
                    default -> null;
                });
    }

    private Optional<SimulatorResponse> named(SimulatorRequest request, String path, Map<String, String> query) {
        var mailbox = MAILBOX.matcher(path);
        if (mailbox.matches()) {
            var rest = Optional.ofNullable(mailbox.group(2)).map(SimulatorControlApi::decoded);
            var address = new MailboxAddress(decoded(mailbox.group(1)));
            return mailboxes.handle(request.method(), address, rest.orElse(""), query, request.body());
        }
        if (!request.method().equals("POST")) {
            return Optional.empty();
        }
        var server = SERVER.matcher(path);
        if (server.matches()) {
            return Optional.of(done(exchange.restartServer(server.group(1)) + " subscriptions forgotten"));
        }
        var fault = FAULT.matcher(path);
        if (fault.matches()) {
            faults.order(fault.group(1), query);
            return Optional.of(done(fault.group(1)));
        }
        return Optional.empty();
    }

    private SimulatorResponse advance(Duration interval) {
        exchange.advance(interval);
        return done(exchange.now().toString());
    }

    private SimulatorResponse script(String document) {
        faults.script(document);
        return done("scripted");
    }

    private SimulatorResponse clear() {
        exchange.faults().clear();
        return done("no faults");
    }

    private SimulatorResponse reset() {
        exchange.reset();
        return done("reset");
    }

    private static long number(Map<String, String> query, String name) {
        return Long.parseLong(query.getOrDefault(name, "0"));
    }

    private static Duration duration(Map<String, String> query, String name) {
        return FaultValues.duration(query.getOrDefault(name, "0s"));
    }

    /// Returns the limit of a wait. A plain number counts seconds.
    private static Duration waitOf(Map<String, String> query) {
        var text = query.getOrDefault("wait", "0s");
        return FaultValues.duration(text.matches("\\d{1,9}") ? text + "s" : text);
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

    private static SimulatorResponse json(Object value) {
        return SimulatorResponse.Reply.json(SimulatorJson.write(value));
    }

    private static SimulatorResponse done(String text) {
        return SimulatorResponse.Reply.text(200, text);
    }
}
