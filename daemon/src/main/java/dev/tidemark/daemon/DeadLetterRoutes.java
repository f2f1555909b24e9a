package dev.tidemark.daemon;

import dev.tidemark.watermark.DeadLetter;
import dev.tidemark.watermark.Deliveries;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.SinkName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// `/api/v1/dead-letters`: events that a sink would not take, newest first.
///
/// @param render an event as CloudEvents JSON
record DeadLetterRoutes(Deliveries deliveries, Function<JournalEvent, String> render) {
    private static final String ALL = "/api/v1/dead-letters";

    void addTo(Router router) {
        router.get(ALL, this::list).delete(ALL + "/{letter}", this::drop);
    }

    private AdminReply drop(AdminRequest request) {
        var id = request.variable("letter");
        return deliveries.dropDeadLetter(id)
                ? new AdminReply(204, AdminReply.JSON, "", Map.of())
                : AdminReply.notFound("no dead letter is called '" + id + "' here");
    }

    private AdminReply list(AdminRequest request) {
        try {
            var letters = deliveries.deadLetters(request.parameter("sink").map(SinkName::new), Limits.page(request));
            return AdminReply.of(
                    Map.of("items", letters.stream().map(this::tree).toList()));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private Map<String, Object> tree(DeadLetter letter) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("id", letter.id());
        tree.put("sink", letter.sink().value());
        tree.put("eventId", letter.event().id().value());
        tree.put("type", "dev.tidemark." + letter.event().type());
        tree.put("reason", letter.reason());
        tree.put("attempts", letter.attempts());
        tree.put("diedAt", letter.diedAt());
        tree.put("event", new Documents.RawJson(render.apply(letter.event())));
        return tree;
    }
}
