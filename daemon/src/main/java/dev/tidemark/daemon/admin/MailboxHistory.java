package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.OperatorRequest;
import dev.tidemark.store.Journal;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// History of a mailbox, newest first: its lifecycle events in the journal, and the operator's last request with
/// its outcome.
record MailboxHistory(Journal journal) {
    private static final int MAX_LINES = 20;

    /// Limit of journal entries that one request reads. A busy mailbox has many changes between two lifecycle
    /// events.
    private static final int MAX_ENTRIES = 2_000;

    List<Map<String, Object>> of(MailboxId mailbox, Optional<OperatorRequest> request) {
        return Stream.concat(request.stream().flatMap(MailboxHistory::lines), journalled(mailbox))
                .sorted(Comparator.comparing(MailboxHistory::at).reversed())
                .toList();
    }

    private static Instant at(Map<String, Object> line) {
        return line.get("at") instanceof Instant moment ? moment : Instant.EPOCH;
    }

    /// Adds the outcome before the request, because it is newer.
    private static Stream<Map<String, Object>> lines(OperatorRequest request) {
        var requested = new LinkedHashMap<String, Object>();
        requested.put("at", request.at());
        requested.put("type", "operator.request");
        requested.put("what", request.action() + " requested by operator");
        if (!request.reason().isBlank()) {
            requested.put("cause", request.reason());
        }
        var ended = request.outcome().map(outcome -> {
            var line = new LinkedHashMap<String, Object>();
            line.put("at", outcome.at());
            line.put("type", "operator.outcome");
            line.put("what", request.action() + ": " + outcome.text());
            return line;
        });
        return Stream.concat(ended.stream(), Stream.of(requested));
    }

    private Stream<Map<String, Object>> journalled(MailboxId mailbox) {
        return journal.newest(mailbox, MailboxHistory::isLifecycle, MAX_LINES, MAX_ENTRIES).stream()
                .map(MailboxHistory::line);
    }

    private static boolean isLifecycle(JournalEvent event) {
        return event.data() instanceof EventData.Lifecycle;
    }

    private static Map<String, Object> line(JournalEvent event) {
        var line = new LinkedHashMap<String, Object>();
        line.put("at", event.recordedAt());
        line.put("type", event.type());
        if (event.data() instanceof EventData.Lifecycle(var mailbox, var fields)) {
            line.putAll(fields);
        }
        return line;
    }
}
