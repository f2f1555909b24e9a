package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Serves the routes that start, list and cancel replays.
record ReplayRoutes(
        EventForwarder forwarder, ReplayStore replays, DeliveryStore deliveries, ReplayRequestParser orders) {
    private static final String ALL = "/api/v1/replays";

    void addTo(AdminRouter router) {
        router.get(ALL, request -> list())
                .delete(ALL + "/{replay}", this::cancel)
                .post("/api/v1/sinks/{sink}/replay", this::replay)
                .post("/api/v1/dead-letters/replay", RouteContract.operate("sink"), this::replayLetters)
                .post(
                        "/api/v1/dead-letters/{letter}/replay",
                        RouteContract.operate().limitable(),
                        this::replayLetter);
    }

    private AdminReply list() {
        return AdminReply.of(Map.of(
                "items", replays.running().stream().map(ReplayRoutes::tree).toList()));
    }

    private static Map<String, Object> tree(SinkReplay replay) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("id", replay.id());
        tree.put("sink", replay.sink().value());
        tree.put("startedAt", replay.begunAt());
        tree.put("done", replay.count().done());
        tree.put("total", replay.count().total());
        tree.put("from", PositionTextCodec.of(replay.after().next()));
        tree.put("to", PositionTextCodec.of(replay.upTo()));
        tree.put("mailbox", replay.mailbox().map(MailboxId::value));
        tree.put("type", replay.type());
        tree.put("rate", replay.rate());
        return tree;
    }

    private AdminReply cancel(AdminRequest request) {
        var id = request.variable("replay");
        return forwarder.cancelReplay(id)
                ? new AdminReply(204, AdminReply.JSON, "", Map.of())
                : AdminReply.notFound("no replay is called '" + id + "' here; it may have finished");
    }

    private AdminReply replay(AdminRequest request) {
        var name = new SinkName(request.variable("sink"));
        if (!isConfigured(name)) {
            return unknown(name);
        }
        try {
            var order = orders.read(request.fields(ReplayRequestParser.FIELDS));
            var result = forwarder.replay(name, order);
            if (result.filter(found -> found.count() > 0).isEmpty()) {
                orders.requireKnown(order);
            }
            return result.map(found -> reply(found, order)).orElseGet(() -> unknown(name));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private static AdminReply reply(ReplayResult result, ReplayRequest order) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("count", result.count());
        tree.put("dryRun", order.dryRun());
        tree.put("replay", result.id());
        tree.put("rate", order.rate());
        return AdminReply.json(result.id().isPresent() ? 202 : 200, tree);
    }

    private boolean isConfigured(SinkName name) {
        return forwarder.counters().containsKey(name);
    }

    private AdminReply unknown(SinkName name) {
        return AdminReply.unknownName(
                "sink",
                name.value(),
                forwarder.counters().keySet().stream().map(SinkName::value).toList());
    }

    private AdminReply replayLetter(AdminRequest request) {
        var id = request.variable("letter");
        var isVisible = new ScopeFilter(orders.mailboxes(), request.scope()).coversLetter(deliveries, id);
        return Optional.of(id)
                .filter(ignored -> isVisible)
                .flatMap(forwarder::replayDeadLetter)
                .map(sink -> AdminReply.json(202, Map.of("count", 1, "sink", sink.value())))
                .orElseGet(() -> AdminReply.notFound("no dead letter of a configured sink is called '" + id + "'"));
    }

    private AdminReply replayLetters(AdminRequest request) {
        var name = request.parameter("sink").map(SinkName::new);
        if (name.isPresent() && !isConfigured(name.get())) {
            return AdminReply.badParameter(QueryParameterParser.unknown(
                            "sink",
                            name.get().value(),
                            forwarder.counters().keySet().stream()
                                    .map(SinkName::value)
                                    .toList())
                    .sentence());
        }
        var count = forwarder.replayDeadLetters(name);
        return AdminReply.json(count > 0 ? 202 : 200, Map.of("count", count));
    }
}
