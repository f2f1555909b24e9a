package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.EventTypePatternParser;
import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.forwarder.ReplayRequest;
import dev.tidemark.store.Journal;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads what an operator wants replayed. Whatever cannot be meant is refused: a replay of nothing would look as
/// if there was nothing.
///
/// @param before the position after which the first event lies that was recorded at a moment or later
record ReplayRequestParser(
        Function<Instant, JournalPosition> before, Journal journal, MailboxRegistry mailboxes, Clock clock) {
    private static final Set<String> KEYS = Set.of("from", "to", "mailbox", "type", "rate", "dryRun");
    private static final int FASTEST = 10_000;

    /// One end of what is to be replayed.
    private record Bound(JournalPosition position, Optional<Instant> moment) {}

    ReplayRequest read(String body) throws BadValueException {
        var asked = YamlJsonCodec.fromJson(body);
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
        var first = from.isPresent() ? first(from.get()) : new Bound(journal.oldest(), Optional.empty());
        var last = to.isPresent() ? last(to.get()) : new Bound(journal.end(), Optional.empty());
        requireInOrder(first, last);
        return new ReplayRequest(
                first.position(), last.position(), mailbox(asked), type(asked), rate(asked), flag(asked));
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
        if (PositionTextCodec.isMeant(text)) {
            var after = new JournalPosition(Math.max(0, known("from", text).value() - 1));
            if (after.compareTo(journal.oldest()) < 0) {
                throw new BadValueException("from is a position that is kept no longer; the oldest is "
                        + PositionTextCodec.of(journal.oldest().next()));
            }
            return new Bound(after, Optional.empty());
        }
        var moment = moment("from", text);
        if (moment.isAfter(clock.instant())) {
            throw new BadValueException("from lies in the future; leave out what is to come by itself");
        }
        return bound(moment);
    }

    /// The event at a position belongs to it, one of that very moment does not.
    private Bound last(String text) throws BadValueException {
        return PositionTextCodec.isMeant(text)
                ? new Bound(known("to", text), Optional.empty())
                : bound(moment("to", text));
    }

    private Instant moment(String name, String text) throws BadValueException {
        return InstantParser.parse(text, clock)
                .orElseThrow(() -> new BadValueException(name + ": '" + text
                        + "' is neither a moment like 2026-11-01T09:15:00Z, nor so long ago like 2h, nor a position"
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

    private Optional<MailboxId> mailbox(Map<String, Object> asked) throws BadValueException {
        var name = text(asked, "mailbox");
        return name.isPresent() ? Optional.of(EventRoutes.mailbox(mailboxes, name.get())) : Optional.empty();
    }

    /// An id may be that of a mailbox that was removed: it is only known by its events. To be asked where there
    /// are none.
    void requireKnown(ReplayRequest order) throws BadValueException {
        if (order.mailbox().filter(id -> mailboxes.find(id).isEmpty()).isPresent()) {
            throw new BadValueException(
                    "no mailbox has the id '" + order.mailbox().get().value()
                            + "' here, and none of these events is of it; 'tidemark mailboxes list' names those there are");
        }
    }

    private static Optional<String> type(Map<String, Object> asked) throws BadValueException {
        var pattern = text(asked, "type");
        if (pattern.isPresent()) {
            EventTypePatternParser.known(pattern.get());
        }
        return pattern;
    }

    private static Optional<String> text(Map<String, Object> asked, String key) throws BadValueException {
        var value = Optional.ofNullable(asked.get(key));
        if (value.isPresent() && !(value.get() instanceof String text && !text.isBlank())) {
            throw new BadValueException(
                    key + " is no text with something in it; leave it out, or write it in quotation" + " marks");
        }
        return value.map(String::valueOf);
    }

    private static int rate(Map<String, Object> asked) throws BadValueException {
        return switch (asked.getOrDefault("rate", ReplayRequest.DEFAULT_RATE)) {
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
