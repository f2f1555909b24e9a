package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.EventTypePatternParser;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.store.Journal;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Parses an operator's replay request. Rejects requests that cannot match anything, because an empty replay
/// would look like an empty journal.
///
/// @param before returns the position before the first event that was recorded at or after a time
record ReplayRequestParser(
        Function<Instant, JournalPosition> before, Journal journal, MailboxRegistry mailboxes, Clock clock) {
    /// Names of the fields of a request.
    static final List<String> FIELDS = List.of("from", "to", "mailbox", "type", "rate", "dryRun");
    private static final int MAX_RATE = 10_000;

    /// Start or end of the replayed range.
    private record Bound(JournalPosition position, Optional<Instant> moment) {}

    ReplayRequest read(Map<String, Object> fields) throws BadValueException {
        var from = text(fields, "from");
        var to = text(fields, "to");
        var first = from.isPresent() ? first(from.get()) : new Bound(journal.oldest(), Optional.empty());
        var last = to.isPresent() ? last(to.get()) : new Bound(journal.end(), Optional.empty());
        requireInOrder(first, last);
        return new ReplayRequest(
                first.position(), last.position(), mailbox(fields), type(fields), rate(fields), flag(fields));
    }

    private static void requireInOrder(Bound first, Bound last) throws BadValueException {
        var turned = (first.moment().isPresent() && last.moment().isPresent())
                ? first.moment().get().isAfter(last.moment().get())
                : first.position().compareTo(last.position()) > 0;
        if (turned) {
            throw new BadValueException("from lies after to; exchange them");
        }
    }

    private Bound first(String text) throws BadValueException {
        if (PositionTextCodec.isPosition(text)) {
            var after = new JournalPosition(Math.max(0, known("from", text).value() - 1));
            if (after.compareTo(journal.oldest()) < 0) {
                throw new BadValueException("the position in from is no longer kept; the oldest is "
                        + PositionTextCodec.of(journal.oldest().next()));
            }
            return new Bound(after, Optional.empty());
        }
        var moment = moment("from", text);
        if (moment.isAfter(clock.instant())) {
            throw new BadValueException("from lies in the future; new events need no replay");
        }
        return bound(moment);
    }

    /// Includes the event at a position, but excludes events recorded exactly at a time.
    private Bound last(String text) throws BadValueException {
        return PositionTextCodec.isPosition(text)
                ? new Bound(known("to", text), Optional.empty())
                : bound(moment("to", text));
    }

    private Instant moment(String name, String text) throws BadValueException {
        return InstantParser.parse(text, clock)
                .orElseThrow(() -> new BadValueException(name + ": '" + text
                        + "' is neither a time like 2026-11-01T09:15:00Z, nor an age like 2h, nor a position"
                        + " like j1-1a"));
    }

    private Bound bound(Instant moment) {
        return new Bound(before.apply(moment), Optional.of(moment));
    }

    private JournalPosition known(String name, String text) throws BadValueException {
        var position = PositionTextCodec.parse(name, text);
        if (position.compareTo(journal.end()) > 0) {
            throw new BadValueException(
                    name + " lies beyond the journal's end, " + PositionTextCodec.of(journal.end()));
        }
        return position;
    }

    private Optional<MailboxId> mailbox(Map<String, Object> fields) throws BadValueException {
        var name = text(fields, "mailbox");
        return name.isPresent()
                ? Optional.of(EventQueryParser.mailbox(mailboxes, AccessScope.ALL, name.get()))
                : Optional.empty();
    }

    /// Accepts the id of a removed mailbox if its events remain. Called only if no event matches.
    void requireKnown(ReplayRequest order) throws BadValueException {
        if (order.mailbox().filter(id -> mailboxes.find(id).isEmpty()).isPresent()) {
            throw new BadValueException(
                    "no mailbox has the id '" + order.mailbox().get().value()
                            + "' here, and none of these events is of it; 'tidemark mailboxes list' lists all");
        }
    }

    private static Optional<String> type(Map<String, Object> fields) throws BadValueException {
        var pattern = text(fields, "type");
        if (pattern.isPresent()) {
            EventTypePatternParser.checked(pattern.get());
        }
        return pattern;
    }

    private static Optional<String> text(Map<String, Object> fields, String key) throws BadValueException {
        var value = Optional.ofNullable(fields.get(key));
        if (value.isPresent() && !(value.get() instanceof String text && !text.isBlank())) {
            throw new BadValueException(
                    key + " is not a text, or is blank; leave it out, or write it in quotation marks");
        }
        return value.map(String::valueOf);
    }

    private static int rate(Map<String, Object> fields) throws BadValueException {
        return switch (fields.getOrDefault("rate", ReplayRequest.DEFAULT_RATE)) {
            case Integer rate when rate >= 1 && rate <= MAX_RATE -> rate;
            default -> throw new BadValueException("rate is in events per second; send 1 to " + MAX_RATE);
        };
    }

    private static boolean flag(Map<String, Object> fields) throws BadValueException {
        return switch (fields.getOrDefault("dryRun", false)) {
            case Boolean flag -> flag;
            default -> throw new BadValueException("dryRun is true or false");
        };
    }
}
