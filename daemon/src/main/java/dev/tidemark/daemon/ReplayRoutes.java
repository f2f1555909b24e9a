package dev.tidemark.daemon;

import dev.tidemark.forwarder.Forwarder;
import dev.tidemark.forwarder.ReplayOrder;
import dev.tidemark.forwarder.ReplayResult;
import dev.tidemark.watermark.Journal;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxRegistry;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.SinkName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What sends events to a sink once more.
record ReplayRoutes(Forwarder forwarder, Journal journal, MailboxRegistry mailboxes) {
    private static final Set<String> KEYS = Set.of("from", "to", "mailbox", "type", "rate", "dryRun");
    private static final int FASTEST = 10_000;

    void addTo(Router router) {
        router.post("/api/v1/sinks/{sink}/replay", this::replay)
                .post("/api/v1/dead-letters/replay", this::replayLetters)
                .post("/api/v1/dead-letters/{letter}/replay", this::replayLetter);
    }

    private AdminReply replay(AdminRequest request) {
        try {
            var order = order(Documents.fromJson(request.body()), request.body());
            var name = request.variable("sink");
            return forwarder
                    .replay(new SinkName(name), order)
                    .map(result -> reply(result, order))
                    .orElseGet(() -> AdminReply.notFound("no sink is called '" + name + "' here"));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private static AdminReply reply(ReplayResult result, ReplayOrder order) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("count", result.count());
        tree.put("dryRun", order.dryRun());
        tree.put("replay", result.id());
        tree.put("rate", order.rate());
        return AdminReply.json(result.id().isPresent() ? 202 : 200, tree);
    }

    private AdminReply replayLetter(AdminRequest request) {
        var id = request.variable("letter");
        return forwarder
                .replayDeadLetter(id)
                .map(sink -> AdminReply.json(202, Map.of("count", 1, "sink", sink.value())))
                .orElseGet(() -> AdminReply.notFound("no dead letter of a configured sink is called '" + id + "'"));
    }

    private AdminReply replayLetters(AdminRequest request) {
        var count = forwarder.replayDeadLetters(request.parameter("sink").map(SinkName::new));
        return AdminReply.json(count > 0 ? 202 : 200, Map.of("count", count));
    }

    private ReplayOrder order(Map<String, Object> asked, String body) throws BadValueException {
        if (asked.isEmpty() && !body.isBlank() && !body.strip().equals("{}")) {
            throw new BadValueException("the body is no JSON object; send from, to, mailbox, type, rate or dryRun");
        }
        for (var key : asked.keySet()) {
            if (!KEYS.contains(key)) {
                throw new BadValueException("'" + key + "' is not known; send from, to, mailbox, type, rate or dryRun");
            }
        }
        var from = text(asked, "from");
        var to = text(asked, "to");
        return new ReplayOrder(
                from.isPresent() ? bound(from.get(), true) : journal.oldest(),
                to.isPresent() ? bound(to.get(), false) : journal.end(),
                mailbox(asked),
                text(asked, "type"),
                rate(asked),
                flag(asked));
    }

    /// A moment, or the position of an event; an event at the end belongs to it, one at that very moment does
    /// not.
    private Position bound(String text, boolean first) throws BadValueException {
        if (text.startsWith("j1-")) {
            var position = Place.parse(text);
            return first ? new Position(Math.max(0, position.value() - 1)) : position;
        }
        try {
            return forwarder.before(Instant.parse(text));
        } catch (DateTimeException noMoment) {
            throw new BadValueException(
                    "'" + text + "' is neither a moment like 2026-11-01T09:15:00Z nor a position like j1-42");
        }
    }

    private Optional<MailboxId> mailbox(Map<String, Object> asked) throws BadValueException {
        var name = text(asked, "mailbox");
        return name.isPresent() ? Optional.of(EventRoutes.mailbox(mailboxes, name.get())) : Optional.empty();
    }

    private static Optional<String> text(Map<String, Object> asked, String key) throws BadValueException {
        var value = Optional.ofNullable(asked.get(key));
        if (value.isPresent() && !(value.get() instanceof String)) {
            throw new BadValueException(key + " is no text; write it in quotation marks");
        }
        return value.map(String::valueOf).filter(text -> !text.isEmpty());
    }

    private static int rate(Map<String, Object> asked) throws BadValueException {
        return switch (asked.getOrDefault("rate", ReplayOrder.USUAL_RATE)) {
            case Integer rate when rate >= 1 && rate <= FASTEST -> rate;
            default -> throw new BadValueException("rate is events a second; send 1 to " + FASTEST);
        };
    }

    private static boolean flag(Map<String, Object> asked) throws BadValueException {
        return switch (asked.getOrDefault("dryRun", false)) {
            case Boolean flag -> flag;
            default -> throw new BadValueException("dryRun is true or false");
        };
    }
}
