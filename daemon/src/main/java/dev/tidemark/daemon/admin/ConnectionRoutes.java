package dev.tidemark.daemon.admin;

import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.connection.ConnectionBudget;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Serves `/api/v1/connections`: the state of the connection to each Exchange organization.
record ConnectionRoutes(MailboxSubscriber subscriber) {
    void addTo(AdminRouter router) {
        router.get("/api/v1/connections", request -> {
            var budgets = subscriber.budgets();
            return AdminReply.of(Map.of(
                    "items",
                    subscriber.connections().stream()
                            .map(each -> tree(each, Objects.requireNonNull(budgets.get(each.name()))))
                            .toList()));
        });
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
