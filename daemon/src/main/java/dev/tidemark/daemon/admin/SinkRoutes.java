package dev.tidemark.daemon.admin;

import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.SinkName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Serves `/api/v1/sinks`: the state of each sink and the operator's actions on it.
record SinkRoutes(EventForwarder forwarder) {
    private static final String ONE = "/api/v1/sinks/{sink}";

    void addTo(AdminRouter router) {
        router.get(
                        "/api/v1/sinks",
                        request -> AdminReply.of(Map.of(
                                "items",
                                forwarder.sinks().stream().map(SinkRoutes::tree).toList())))
                .get(ONE, this::show)
                .post(ONE + "/enable", request -> changed(request, forwarder.enable(name(request))))
                .post(ONE + "/disable", request -> changed(request, forwarder.disable(name(request))))
                .post(ONE + "/test", this::test);
    }

    private AdminReply show(AdminRequest request) {
        return forwarder.sinks().stream()
                .filter(sink -> sink.name().value().equals(request.variable("sink")))
                .findFirst()
                .map(SinkRoutes::tree)
                .map(AdminReply::of)
                .orElseGet(() -> unknown(request));
    }

    private AdminReply test(AdminRequest request) {
        return forwarder
                .test(name(request))
                .map(SinkRoutes::tree)
                .map(AdminReply::of)
                .orElseGet(() -> unknown(request));
    }

    private AdminReply changed(AdminRequest request, Optional<SinkView> view) {
        return view.map(found -> AdminReply.json(202, tree(found))).orElseGet(() -> unknown(request));
    }

    private AdminReply unknown(AdminRequest request) {
        return AdminReply.unknownName(
                "sink",
                request.variable("sink"),
                forwarder.sinks().stream().map(sink -> sink.name().value()).toList());
    }

    private static SinkName name(AdminRequest request) {
        return new SinkName(request.variable("sink"));
    }

    private static Map<String, Object> tree(SinkTestResult result) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("delivered", result.delivered());
        tree.put("text", result.text());
        tree.put("remedy", result.remedy());
        return tree;
    }

    private static Map<String, Object> tree(SinkView sink) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", sink.name().value());
        tree.put("type", sink.type());
        tree.put("state", sink.state());
        tree.put("backlog", sink.backlog());
        tree.put("oldestUndeliveredAt", sink.oldestUndeliveredAt());
        tree.put("lastError", sink.lastError());
        tree.put("lastResponse", sink.lastResponse().map(SinkRoutes::tree));
        tree.put("remedy", sink.remedy());
        return tree;
    }

    private static Map<String, Object> tree(RefusedResponse response) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("status", response.status());
        tree.put("body", response.body());
        return tree;
    }
}
