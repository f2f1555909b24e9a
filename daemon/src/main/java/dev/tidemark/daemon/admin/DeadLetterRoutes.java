package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// Serves `/api/v1/dead-letters`: events that a sink rejected, newest first.
///
/// @param sinks configured sinks
/// @param render renders an event as CloudEvents JSON
record DeadLetterRoutes(
        DeliveryStore deliveries,
        Supplier<Set<SinkName>> sinks,
        DeadLetterQueryParser queries,
        Function<JournalEvent, String> render) {
    private static final String ALL = "/api/v1/dead-letters";
    private static final int CHUNK = 200;

    /// Limit of dead letters that one request reads, including those that do not match.
    private static final int MAX_READ = 20_000;

    /// @param next start of the next page; empty after the last page
    private record Page(List<DeadLetter> letters, Optional<DeadLetter.PageKey> next) {}

    void addTo(AdminRouter router) {
        var list = RouteContract.read("sink", "mailbox", "type", "since", "after", "limit");
        router.get(ALL, list.limitable(), this::list)
                .delete(ALL + "/{letter}", RouteContract.operate().limitable(), this::drop);
    }

    private AdminReply drop(AdminRequest request) {
        var id = request.variable("letter");
        return queries.scope(request).coversLetter(deliveries, id) && deliveries.dropDeadLetter(id)
                ? new AdminReply(204, AdminReply.JSON, "", Map.of())
                : AdminReply.notFound("no dead letter is called '" + id + "' here");
    }

    private AdminReply list(AdminRequest request) {
        try {
            var query = queries.read(request);
            var page = read(query);
            if (page.letters().isEmpty()) {
                requireKnown(query);
            }
            var tree = new LinkedHashMap<String, Object>();
            tree.put("items", page.letters().stream().map(this::tree).toList());
            tree.put("next", page.next().map(DeadLetterQueryParser::text));
            return AdminReply.of(tree);
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    /// Accepts a sink that is no longer configured, because its dead letters remain.
    private void requireKnown(DeadLetterQuery query) throws BadValueException {
        var name = query.sink().filter(sink -> !sinks.get().contains(sink));
        if (name.isPresent() && deliveries.deadLetters(name, 1).isEmpty()) {
            throw QueryParameterParser.unknown(
                    "sink",
                    name.get().value(),
                    sinks.get().stream().map(SinkName::value).toList());
        }
    }

    private Page read(DeadLetterQuery query) {
        var found = new ArrayList<DeadLetter>();
        var after = query.after();
        for (var seen = 0; seen < MAX_READ; seen += CHUNK) {
            var chunk = deliveries.deadLetters(query.sink(), after, CHUNK);
            for (var letter : chunk) {
                if (query.since().filter(letter.diedAt()::isBefore).isPresent()) {
                    return new Page(found, Optional.empty());
                }
                if (found.size() == query.limit()) {
                    return new Page(found, after);
                }
                if (query.events().test(letter.event())) {
                    found.add(letter);
                }
                after = Optional.of(letter.pageKey());
            }
            if (chunk.size() < CHUNK) {
                return new Page(found, Optional.empty());
            }
        }
        return new Page(found, after);
    }

    private Map<String, Object> tree(DeadLetter letter) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("id", letter.id());
        tree.put("sink", letter.sink().value());
        tree.put("eventId", letter.event().id().value());
        tree.put("type", "dev.tidemark." + letter.event().type());
        tree.put("mailbox", mailbox(letter.event()));
        tree.put("reason", letter.reason());
        tree.put("status", letter.response().map(RefusedResponse::status));
        tree.put("responseBody", letter.response().map(RefusedResponse::body));
        tree.put("attempts", letter.attempts());
        tree.put("deadLetteredAt", letter.diedAt());
        tree.put("event", new YamlJsonCodec.RawJson(render.apply(letter.event())));
        return tree;
    }

    private static Optional<String> mailbox(JournalEvent event) {
        return event.source() instanceof EventSource.OfMailbox of
                ? Optional.of(of.id().value())
                : Optional.empty();
    }
}
