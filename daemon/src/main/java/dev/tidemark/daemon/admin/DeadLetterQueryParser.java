package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// Parses the query parameters of a request for dead letters.
record DeadLetterQueryParser(MailboxRegistry mailboxes, Clock clock) {
    private static final int RADIX = 36;

    /// Page position: second and nanosecond at which an event became a dead letter, and its id. Opaque to
    /// clients.
    private static final Pattern PLACE = Pattern.compile("d1-(-?[0-9a-z]{1,11})-([0-9a-z]{1,6})-(.+)");

    static String text(DeadLetter.PageKey place) {
        var deadLetteredAt = place.diedAt();
        return "d1-" + Long.toString(deadLetteredAt.getEpochSecond(), RADIX) + "-"
                + Integer.toString(deadLetteredAt.getNano(), RADIX) + "-" + place.id();
    }

    DeadLetterQuery read(AdminRequest request) throws BadValueException {
        var after = request.parameter("after");
        var since = request.parameter("since");
        return new DeadLetterQuery(
                request.parameter("sink").map(SinkName::new),
                after.isPresent() ? Optional.of(place(after.get())) : Optional.empty(),
                since.isPresent() ? Optional.of(moment(since.get())) : Optional.empty(),
                events(request).and(scope(request)),
                QueryParameterParser.page(request));
    }

    ScopeFilter scope(AdminRequest request) {
        return new ScopeFilter(mailboxes, request.scope());
    }

    private EventFilter events(AdminRequest request) throws BadValueException {
        Optional<MailboxId> mailbox = Optional.empty();
        var name = request.parameter("mailbox");
        if (name.isPresent()) {
            mailbox = Optional.of(EventRoutes.mailbox(mailboxes, request.scope(), name.get()));
        }
        Optional<Pattern> type = Optional.empty();
        var patterns = request.parameter("type");
        if (patterns.isPresent()) {
            type = Optional.of(EventFilter.checkedPattern(patterns.get()));
        }
        return new EventFilter(mailbox, type, Optional.empty(), false);
    }

    private Instant moment(String text) throws BadValueException {
        return InstantParser.parse(text, clock)
                .orElseThrow(() -> new BadValueException(
                        "since: '" + text + "' is neither a time like 2026-11-01T09:15:00Z nor an age like 2h"));
    }

    private static DeadLetter.PageKey place(String text) throws BadValueException {
        var matcher = PLACE.matcher(text);
        if (!matcher.matches()) {
            throw none();
        }
        try {
            var deadLetteredAt = Instant.ofEpochSecond(
                    Long.parseLong(matcher.group(1), RADIX), Long.parseLong(matcher.group(2), RADIX));
            return new DeadLetter.PageKey(deadLetteredAt, matcher.group(3));
        } catch (DateTimeException | NumberFormatException noMoment) {
            throw none();
        }
    }

    private static BadValueException none() {
        return new BadValueException("after is not a page of dead letters; use next from a response");
    }
}
