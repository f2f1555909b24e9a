package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Values that the control paths show.
final class ControlViews {
    private ControlViews() {}

    static List<Map<String, Object>> subscriptions(SimulatedExchange exchange) {
        return exchange.pushSubscriptions().stream()
                .map(one -> Map.<String, Object>of(
                        "id", one.id().value(),
                        "mailbox", one.mailbox().address().value(),
                        "server", one.server().host(),
                        "url", one.options().url().toString(),
                        "statusFrequencyMinutes",
                                one.options().statusFrequency().toMinutes(),
                        "version", one.version()))
                .toList();
    }

    static List<Map<String, Object>> callbacks(List<CallbackLog.CallbackAttempt> attempts) {
        return attempts.stream().map(ControlViews::callback).toList();
    }

    private static Map<String, Object> callback(CallbackLog.CallbackAttempt attempt) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("number", attempt.number());
        shown.put("at", attempt.at().toString());
        shown.put("mailbox", attempt.mailbox().value());
        shown.put("subscription", attempt.subscription().value());
        shown.put("url", attempt.url().toString());
        shown.put("body", attempt.body());
        shown.put("status", attempt.status());
        shown.put("answer", attempt.answer());
        shown.put("duration", attempt.duration().toMillis() + "ms");
        shown.put("milliseconds", attempt.duration().toMillis());
        shown.put("acknowledged", attempt.acknowledged());
        return shown;
    }

    /// Returns each mailbox with its server and the identifier for impersonation.
    static List<Map<String, Object>> mailboxes(SimulatedExchange exchange) {
        return exchange.mailboxes().stream()
                .map(address -> Map.<String, Object>of(
                        "address", address.value(),
                        "sid", exchange.sidOf(address),
                        "server", exchange.serverOf(address)))
                .toList();
    }

    /// Returns the requests behind the first `after` ones.
    static List<Map<String, Object>> requests(SimulatedExchange exchange, long after) {
        var newest = exchange.requests();
        var first = exchange.requestCount() - newest.size();
        return IntStream.range(0, newest.size())
                .filter(index -> first + index + 1 > after)
                .mapToObj(index -> request(first + index + 1, newest.get(index)))
                .toList();
    }

    private static Map<String, Object> request(long number, LoggedRequest request) {
        return Map.of(
                "number", number,
                "at", request.at().toString(),
                "operation", request.operation(),
                "mailbox", request.mailbox().map(MailboxAddress::value).orElse(""),
                "version", request.version());
    }
}
