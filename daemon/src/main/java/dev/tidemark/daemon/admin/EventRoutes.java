package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.YamlJsonCodec.RawJson;
import dev.tidemark.store.Journal;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/// Serves `GET /api/v1/events`: the journal, oldest first, and single events.
///
/// @param render renders an event as CloudEvents JSON
record EventRoutes(
        Journal journal,
        MailboxRegistry mailboxes,
        Function<JournalEvent, String> render,
        DaemonLifecycle lifecycle,
        Clock clock) {
    private static final int MAX_WAIT_SECONDS = 3540;
    private static final int CHUNK = 500;

    /// Limit of events that one request reads, including those that do not match.
    private static final int MAX_READ = 50_000;

    /// Longest single wait. A stopping daemon waits at most this long for its readers.
    private static final Duration MAX_SINGLE_WAIT = Duration.ofMillis(500);

    private record Page(List<JournalEvent> events, JournalPosition next) {}

    /// @param types part of the filter that the journal applies
    private record Query(
            JournalPosition after,
            int limit,
            Predicate<String> types,
            Predicate<JournalEvent> filter,
            Duration patience,
            BooleanSupplier admission) {}

    void addTo(AdminRouter router) {
        var contract = RouteContract.read("after", "limit", "mailbox", "type", "folder", "added", "wait");
        router.get("/api/v1/events", contract.limitable(), this::handle);
        router.get("/api/v1/events/{id}", RouteContract.read().limitable(), this::show);
    }

    private AdminReply handle(AdminRequest request) throws InterruptedException {
        try {
            var oldest = journal.oldest();
            var query = query(request, oldest);
            return query.after().compareTo(oldest) < 0 ? expired(oldest) : reply(await(query));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    /// Returns one event by its id or position. An id is searched in the whole journal, oldest event first.
    private AdminReply show(AdminRequest request) {
        var id = request.variable("id");
        try {
            var visible = new EventQueryParser(journal, mailboxes).filter(request);
            var found =
                    PositionTextCodec.isPosition(id) ? journal.find(PositionTextCodec.parse("the id", id)) : search(id);
            return found.filter(visible)
                    .map(event -> AdminReply.of(item(event)))
                    .orElseGet(() -> AdminReply.notFound("the journal holds no event " + id
                            + "; take an id from /api/v1/events, retention may have removed the event"));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private Optional<JournalEvent> search(String id) {
        var chunk = journal.read(journal.oldest(), CHUNK);
        while (!chunk.isEmpty()) {
            var found = chunk.stream()
                    .filter(event -> event.id().value().equals(id))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
            chunk = journal.read(chunk.getLast().position(), CHUNK);
        }
        return Optional.empty();
    }

    static AdminReply expired(JournalPosition oldest) {
        return AdminReply.problem(
                410,
                "position-expired",
                "events after this position are no longer kept; continue from oldest",
                Map.of("oldest", PositionTextCodec.of(oldest)));
    }

    private Page await(Query query) throws InterruptedException {
        var until = clock.instant().plus(query.patience());
        var page = read(query, query.after());
        while (page.events().isEmpty()
                && !lifecycle.isStopping()
                && awaitMore(page, until)
                && query.admission().getAsBoolean()) {
            page = read(query, page.next());
        }
        return page;
    }

    /// Waits for new events. Returns false at the end of the interval.
    private boolean awaitMore(Page page, Instant until) throws InterruptedException {
        var left = Duration.between(clock.instant(), until);
        if (!left.isPositive()) {
            return false;
        }
        journal.awaitBeyond(page.next(), left.compareTo(MAX_SINGLE_WAIT) < 0 ? left : MAX_SINGLE_WAIT);
        return true;
    }

    private Page read(Query query, JournalPosition after) {
        var found = new ArrayList<JournalEvent>();
        var next = after;
        for (var seen = 0L; seen < MAX_READ; ) {
            var chunk = journal.read(next, CHUNK, query.types());
            for (var event : chunk.events()) {
                if (query.filter().test(event)) {
                    found.add(event);
                }
                if (found.size() == query.limit()) {
                    return new Page(found, event.position());
                }
            }
            if (chunk.next().equals(next)) {
                return new Page(found, next);
            }
            // positions may have gaps
            seen += Math.min(CHUNK, chunk.next().value() - next.value());
            next = chunk.next();
        }
        return new Page(found, next);
    }

    private AdminReply reply(Page page) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("items", page.events().stream().map(this::item).toList());
        tree.put("next", PositionTextCodec.of(page.next()));
        return AdminReply.of(tree);
    }

    private Map<String, Object> item(JournalEvent event) {
        var item = new LinkedHashMap<String, Object>();
        item.put("position", PositionTextCodec.of(event.position()));
        item.put("event", new RawJson(render.apply(event)));
        return item;
    }

    private Query query(AdminRequest request, JournalPosition oldest) throws BadValueException {
        var limit = QueryParameterParser.page(request);
        var wait = QueryParameterParser.number(request, "wait", 1, MAX_WAIT_SECONDS)
                .orElse(0);
        var queries = new EventQueryParser(journal, mailboxes);
        var wanted = queries.wanted(request);
        return new Query(
                queries.after(request, oldest),
                limit,
                wanted.types(),
                queries.visible(request, wanted),
                Duration.ofSeconds(wait),
                request.admission());
    }
}
