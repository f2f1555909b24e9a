package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.Journal;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Reads the query parameters that select events, for pages and streams alike.
record EventQueryParser(Journal journal, MailboxRegistry mailboxes) {
    private static final String AFTER = "after";
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /// Number of newest events that `after=recent` searches.
    private static final int RECENT = 3_000;

    /// Returns the position behind which the caller wants to read.
    JournalPosition after(AdminRequest request, JournalPosition oldest) throws BadValueException {
        var text = request.parameter(AFTER).orElse("");
        return switch (text) {
            case "" -> oldest;
            case "now" -> journal.end();
            case "recent" -> recent(oldest);
            default -> known(AFTER, text);
        };
    }

    /// Returns the position at which an earlier stream of the caller ended.
    Optional<JournalPosition> lastEventId(AdminRequest request) throws BadValueException {
        var id = request.header("last-event-id").filter(text -> !text.isBlank());
        return id.isEmpty() ? Optional.empty() : Optional.of(known(LAST_EVENT_ID, id.get()));
    }

    private JournalPosition recent(JournalPosition oldest) {
        return new JournalPosition(Math.max(oldest.value(), journal.end().value() - RECENT));
    }

    private JournalPosition known(String name, String text) throws BadValueException {
        var position = PositionTextCodec.parse(name, text);
        if (position.compareTo(journal.end()) > 0) {
            throw new BadValueException(
                    name + " is a position of another journal; use one from a response, or after=now");
        }
        return position;
    }

    /// Returns the selection of events that the caller wants and may see.
    Predicate<JournalEvent> filter(AdminRequest request) throws BadValueException {
        return visible(request, wanted(request));
    }

    /// Returns the selection of the wanted events that the caller may see.
    Predicate<JournalEvent> visible(AdminRequest request, EventFilter wanted) {
        return wanted.and(new ScopeFilter(mailboxes, request.scope()));
    }

    /// Returns the selection of events that the caller wants.
    EventFilter wanted(AdminRequest request) throws BadValueException {
        Optional<MailboxId> mailbox = Optional.empty();
        var name = request.parameter("mailbox");
        if (name.isPresent()) {
            mailbox = Optional.of(mailbox(mailboxes, request.scope(), name.get()));
        }
        Optional<Pattern> type = Optional.empty();
        var patterns = request.parameter("type");
        if (patterns.isPresent()) {
            type = Optional.of(EventFilter.checkedPattern(patterns.get()));
        }
        return new EventFilter(
                mailbox,
                type,
                request.parameter("folder"),
                QueryParameterParser.word(request, "added", List.of("true", "false"))
                        .filter("true"::equals)
                        .isPresent());
    }

    /// Accepts a removed mailbox, because its events remain in the journal. A scope that is limited to groups covers
    /// none of its events.
    static MailboxId mailbox(MailboxRegistry mailboxes, AccessScope scope, String name) throws BadValueException {
        try {
            return name.indexOf('@') < 0
                    ? new MailboxId(name)
                    : MailboxRoutes.find(mailboxes, name)
                            .filter(new ScopeFilter(mailboxes, scope)::covers)
                            .or(() -> scope.isLimited() ? Optional.empty() : MailboxRoutes.findRemoved(mailboxes, name))
                            .orElseThrow(() -> new BadValueException("no mailbox is called '" + name + "' here"))
                            .id();
        } catch (IllegalArgumentException notAnId) {
            throw new BadValueException("'" + name + "' is neither a mailbox id nor an address");
        }
    }
}
