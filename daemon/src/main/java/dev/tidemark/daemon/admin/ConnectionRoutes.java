package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.QuantityFormat;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.ConnectionBudget;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Serves `/api/v1/connections`: the state of the connection to each Exchange organization, and its pause.
record ConnectionRoutes(MailboxSubscriber subscriber, Compensator compensator, Clock clock) {
    private static final String ONE = "/api/v1/connections/{connection}";
    private static final String DEFAULT_PAUSE = "1h";
    private static final Duration MAX_PAUSE = Duration.ofDays(30);

    void addTo(AdminRouter router) {
        router.get("/api/v1/connections", request -> {
                    var budgets = subscriber.budgets();
                    return AdminReply.of(Map.of(
                            "items",
                            subscriber.connections().stream()
                                    .map(each -> tree(each, Objects.requireNonNull(budgets.get(each.name()))))
                                    .toList()));
                })
                .post(ONE + "/pause", RouteContract.operate("for"), this::pause)
                .post(ONE + "/resume", this::resume);
    }

    private AdminReply pause(AdminRequest request) {
        try {
            var length = QuantityFormat.duration(request.parameter("for").orElse(DEFAULT_PAUSE));
            if (!length.isPositive() || length.compareTo(MAX_PAUSE) > 0) {
                return AdminReply.badParameter("for is not between 1ms and 30d");
            }
            return subscriber.pauseConnection(name(request), clock.instant().plus(length))
                    ? accepted(request)
                    : unknown(request);
        } catch (BadValueException wrong) {
            return AdminReply.badParameter("for: " + wrong.sentence());
        }
    }

    private AdminReply resume(AdminRequest request) {
        if (!subscriber.resumeConnection(name(request))) {
            return unknown(request);
        }
        compensator.recheck(group -> subscriber
                .plan(group)
                .map(GroupSubscriptionConfig::connection)
                .filter(name(request)::equals)
                .isPresent());
        return accepted(request);
    }

    private static String name(AdminRequest request) {
        return request.variable("connection");
    }

    private AdminReply accepted(AdminRequest request) {
        return subscriber.connections().stream()
                .filter(each -> each.name().equals(name(request)))
                .findFirst()
                .map(each -> AdminReply.json(
                        202,
                        tree(each, Objects.requireNonNull(subscriber.budgets().get(each.name())))))
                .orElseGet(() -> unknown(request));
    }

    private AdminReply unknown(AdminRequest request) {
        return AdminReply.unknownName(
                "connection",
                name(request),
                subscriber.connections().stream().map(ConnectionStatus::name).toList());
    }

    private static Map<String, Object> tree(ConnectionStatus connection, ConnectionBudget budget) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", connection.name());
        tree.put("state", connection.state().label());
        tree.put("since", connection.since());
        tree.put("backoffUntil", connection.backoffUntil());
        tree.put("reason", connection.reason());
        tree.put("remedy", connection.remedy());
        tree.put(
                "requestsWaiting",
                budget.waiting().values().stream().mapToLong(Long::longValue).sum());
        tree.put("concurrencyLimit", budget.allowed());
        return tree;
    }
}
