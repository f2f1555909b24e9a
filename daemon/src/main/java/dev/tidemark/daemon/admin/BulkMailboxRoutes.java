package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Serves `POST /api/v1/mailboxes/-/{action}`: one action on all mailboxes of a group, connection or state. The
/// compensator spreads the work that follows.
record BulkMailboxRoutes(
        WatermarkStore store,
        Compensator compensator,
        MailboxSubscriber subscriber,
        OperationRegistry operations,
        Clock clock) {
    private static final List<String> FIELDS = List.of("group", "connection", "state");

    /// Action on one mailbox; returns false if it is not possible in the mailbox's state.
    @FunctionalInterface
    private interface MailboxAction {
        boolean run(Mailbox mailbox);
    }

    void addTo(AdminRouter router) {
        add(router, "resubscribe", mailbox -> compensate(mailbox, false));
        add(router, "resync", mailbox -> compensate(mailbox, true));
        add(router, "pause", this::pause);
        add(router, "resume", this::resume);
    }

    private void add(AdminRouter router, String name, MailboxAction action) {
        router.post(
                "/api/v1/mailboxes/-/" + name,
                RouteContract.operate().limitable(),
                request -> start(request, name, action));
    }

    private AdminReply start(AdminRequest request, String name, MailboxAction action) {
        try {
            var selected = store.mailboxes().all().stream()
                    .filter(mailbox ->
                            request.scope().covers(mailbox.membership().group()))
                    .filter(selection(request.fields(FIELDS), request.scope()))
                    .map(Mailbox::id)
                    .toList();
            return operations
                    .startForEach(
                            "mailboxes-" + name,
                            request.scope(),
                            selected,
                            id -> store.mailboxes().find(id).filter(action::run).isPresent())
                    .map(operation -> AdminReply.json(202, Map.of("operation", operation.id())))
                    .orElseGet(() -> AdminReply.problem(
                            409, "in-progress", "another operation of this kind is in progress; wait for it"));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private Predicate<Mailbox> selection(Map<String, Object> body, AccessScope scope) throws BadValueException {
        var connections =
                subscriber.connections().stream().map(each -> each.name()).toList();
        var state = word(body, "state", MailboxState.LABELS);
        var connection = word(body, "connection", connections);
        var groups = subscriber.groups().stream().filter(scope::covers).toList();
        var group = word(body, "group", groups);
        return matching(group, mailbox -> mailbox.membership().group())
                .and(matching(state, mailbox -> mailbox.state().label()))
                .and(matching(connection, this::connectionOf));
    }

    private static Predicate<Mailbox> matching(Optional<String> wanted, Function<Mailbox, String> value) {
        return mailbox ->
                wanted.filter(word -> !word.equals(value.apply(mailbox))).isEmpty();
    }

    private String connectionOf(Mailbox mailbox) {
        return subscriber
                .plan(mailbox.membership().group())
                .map(GroupSubscriptionConfig::connection)
                .orElse("");
    }

    private static Optional<String> word(Map<String, Object> body, String field, List<String> allowed)
            throws BadValueException {
        var text = text(body, field);
        if (text.filter(word -> !allowed.contains(word)).isPresent()) {
            throw new BadValueException(
                    "'" + text.get() + "' is no " + field + AdminReply.nearest(text.get(), allowed));
        }
        return text;
    }

    /// Returns the value of a field. Refuses a blank one, which a script with an unset variable sends.
    private static Optional<String> text(Map<String, Object> body, String field) throws BadValueException {
        if (!body.containsKey(field)) {
            return Optional.empty();
        }
        if (body.get(field) instanceof String text && !text.isBlank()) {
            return Optional.of(text);
        }
        throw new BadValueException(field + " is not a text, or is blank; leave it out, or name a " + field);
    }

    private boolean compensate(Mailbox mailbox, boolean resync) {
        if (mailbox.state() instanceof MailboxState.Paused) {
            return false;
        }
        var cause = resync ? "resync" : "resubscribe";
        store.subscriptions()
                .scheduleCompensation(
                        mailbox.id(),
                        new PendingCompensation(SubscribeReason.OPERATOR, clock.instant(), resync, cause));
        compensator.raise(mailbox.id());
        return true;
    }

    private boolean pause(Mailbox mailbox) {
        if (mailbox.state() instanceof MailboxState.Paused) {
            return false;
        }
        store.mailboxes().pause(mailbox.id());
        compensator.raise(mailbox.id());
        return true;
    }

    private boolean resume(Mailbox mailbox) {
        if (!(mailbox.state() instanceof MailboxState.Paused)) {
            return false;
        }
        store.mailboxes().resume(mailbox.id());
        compensator.raise(mailbox.id());
        return true;
    }
}
