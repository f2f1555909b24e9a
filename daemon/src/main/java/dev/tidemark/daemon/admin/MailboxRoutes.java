package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.NextStep;
import dev.tidemark.compensator.OperatorRequest;
import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.listing.MailboxPage;
import dev.tidemark.daemon.admin.listing.MailboxPage.MailboxOrder;
import dev.tidemark.daemon.admin.listing.MailboxQuery;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.MailboxRegistry.PendingErasure;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.listing.MailboxColumns;
import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Serves `/api/v1/mailboxes`: the state of each mailbox and the operator's actions on it.
///
/// @param writing held while a mailbox leaves the store's list; shared with all other writers of the list of
/// mailboxes
/// @param forgotten receives the number of removed deferred deliveries by sink
record MailboxRoutes(
        WatermarkStore store,
        Compensator compensator,
        MailboxSubscriber subscriber,
        Clock clock,
        ReentrantLock writing,
        Consumer<Map<SinkName, Long>> forgotten) {
    private static final int MAX_REASON_LENGTH = 200;

    /// Label of a mailbox that has left its group and is still stored. Lists show such mailboxes only on request.
    private static final String REMOVED = "removed";

    private static final List<String> STATES =
            Stream.concat(MailboxState.LABELS.stream(), Stream.of(REMOVED)).toList();
    private static final NextStep NOTHING = new NextStep("nothing", Optional.empty(), Optional.of(REMOVED));

    private static final String ONE = "/api/v1/mailboxes/{mailbox}";

    void addTo(AdminRouter router) {
        var list = RouteContract.read("state", "group", "q", "sort", "after", "limit")
                .limitable();
        var one = RouteContract.read().limitable();
        var action = RouteContract.operate("reason").limitable();
        router.get("/api/v1/mailboxes", list, this::list)
                .delete(ONE, RouteContract.operate("forget").limitable(), this::forget)
                .get(ONE, one, this::show)
                .post(
                        ONE + "/resubscribe",
                        action,
                        request -> with(request, (mailbox, reason) -> compensate(mailbox, reason, false)))
                .post(
                        ONE + "/resync",
                        action,
                        request -> with(request, (mailbox, reason) -> compensate(mailbox, reason, true)))
                .post(ONE + "/pause", action, request -> with(request, this::pause))
                .post(ONE + "/resume", action, request -> with(request, this::resume));
    }

    private AdminReply list(AdminRequest request) {
        try {
            var state = QueryParameterParser.word(request, "state", STATES);
            return state.filter(REMOVED::equals).isPresent()
                    ? list(request, removed(request.scope()), Optional.empty(), this::removedTree)
                    : list(request, store.mailboxes().table(), state, this::tree);
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private AdminReply list(
            AdminRequest request,
            MailboxTable table,
            Optional<String> state,
            Function<Mailbox, Map<String, Object>> rendering)
            throws BadValueException {
        var order = QueryParameterParser.word(request, "sort", MailboxOrder.labels())
                .map(MailboxOrder::of)
                .orElse(MailboxOrder.ID);
        var page = MailboxPage.select(table, query(request, order, table, state))
                .orElseThrow(() -> new BadValueException(
                        "after is not a page of this order; use next from a response with the same sort"));
        var tree = new LinkedHashMap<String, Object>();
        tree.put("items", page.items().stream().map(rendering).toList());
        tree.put("total", page.total());
        tree.put("next", page.next());
        return AdminReply.of(tree);
    }

    /// Returns the removed mailboxes; none for a scope that is limited to groups, because they belong to no group.
    private MailboxTable removed(AccessScope scope) {
        return MailboxColumns.of(
                scope.isLimited() ? Stream.empty() : store.mailboxes().removed());
    }

    private MailboxQuery query(AdminRequest request, MailboxOrder order, MailboxTable table, Optional<String> state)
            throws BadValueException {
        var group = request.parameter("group");
        if (group.isPresent()) {
            requireGroup(group.get(), table, request.scope());
        }
        var scope = request.scope();
        return new MailboxQuery(
                order,
                name -> scope.covers(name)
                        && group.filter(wanted -> !wanted.equals(name)).isEmpty(),
                state,
                request.parameter("q").map(part -> part.toLowerCase(Locale.ROOT)),
                request.parameter("after"),
                QueryParameterParser.page(request));
    }

    /// Accepts the group of the configuration, and one that the configuration no longer names while it has mailboxes.
    private void requireGroup(String name, MailboxTable table, AccessScope scope) throws BadValueException {
        if (scope.covers(name) && subscriber.plan(name).isPresent()) {
            return;
        }
        var known = IntStream.range(0, table.rows())
                .mapToObj(table::mailbox)
                .flatMap(Optional::stream)
                .map(mailbox -> mailbox.membership().group())
                .filter(scope::covers)
                .collect(Collectors.toCollection(TreeSet::new));
        known.addAll(scope.groups());
        if (!known.contains(name)) {
            throw QueryParameterParser.unknown("group", name, known);
        }
    }

    private AdminReply show(AdminRequest request) {
        var name = request.variable("mailbox");
        return findEnrolled(name, request.scope())
                .map(mailbox -> fullTree(mailbox, tree(mailbox), compensator.nextStep(mailbox)))
                .or(() -> findRemoved(name, request.scope())
                        .map(mailbox -> fullTree(mailbox, removedTree(mailbox), NOTHING)))
                .map(AdminReply::of)
                .orElseGet(() -> unknown(name));
    }

    /// Reads `reason`, which appears in events.
    private AdminReply with(AdminRequest request, BiFunction<Mailbox, String, AdminReply> action) {
        var name = request.variable("mailbox");
        var reason = request.parameter("reason").orElse("");
        if (reason.length() > MAX_REASON_LENGTH || reason.chars().anyMatch(Character::isISOControl)) {
            return AdminReply.badParameter(
                    "reason is longer than " + MAX_REASON_LENGTH + " characters, or holds control characters");
        }
        return findEnrolled(name, request.scope())
                .map(mailbox -> action.apply(mailbox, reason))
                .or(() -> findRemoved(name, request.scope())
                        .map(mailbox -> conflict(mailbox, "is removed; add it to a group first")))
                .orElseGet(() -> unknown(name));
    }

    private static AdminReply unknown(String name) {
        return AdminReply.notFound("no mailbox is called '" + name + "' here");
    }

    /// Finds a mailbox by id or address.
    static Optional<Mailbox> find(MailboxRegistry mailboxes, String name) {
        return find(mailboxes::find, mailboxes::find, name);
    }

    /// Finds a mailbox that was removed and is still stored, by id or address.
    static Optional<Mailbox> findRemoved(MailboxRegistry mailboxes, String name) {
        return find(mailboxes::findRemoved, mailboxes::findRemoved, name);
    }

    private static Optional<Mailbox> find(
            Function<MailboxId, Optional<Mailbox>> byId,
            Function<MailboxAddress, Optional<Mailbox>> byAddress,
            String name) {
        try {
            return name.indexOf('@') >= 0 ? byAddress.apply(new MailboxAddress(name)) : byId.apply(new MailboxId(name));
        } catch (InvalidValueException notAnAddress) {
            return Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    private AdminReply compensate(Mailbox mailbox, String reason, boolean resync) {
        if (mailbox.state() instanceof MailboxState.Paused) {
            return conflict(mailbox, "is paused; resume it first");
        }
        var action = resync ? "resync" : "resubscribe";
        var cause = reason.isBlank() ? action : action + ": " + reason;
        store.subscriptions()
                .scheduleCompensation(
                        mailbox.id(),
                        new PendingCompensation(SubscribeReason.OPERATOR, clock.instant(), resync, cause));
        return requested(mailbox, action, reason);
    }

    private AdminReply pause(Mailbox mailbox, String reason) {
        if (mailbox.state() instanceof MailboxState.Paused) {
            return conflict(mailbox, "is paused already");
        }
        store.mailboxes().pause(mailbox.id(), reason);
        compensator.raise(mailbox.id());
        return accepted(mailbox);
    }

    /// Removes everything that is stored of a removed or paused mailbox.
    private AdminReply forget(AdminRequest request) {
        if (!request.parameter("forget").equals(Optional.of("true"))) {
            return AdminReply.badParameter("this removes everything that is stored of the mailbox; send forget=true to"
                    + " confirm, or remove it from its group instead");
        }
        var name = request.variable("mailbox");
        return beginForgetting(name, request.scope()).map(this::complete).orElseGet(() -> unknown(name));
    }

    /// Mailbox to forget, and its erasure; no erasure if the mailbox is neither removed nor paused.
    private record Forgetting(Mailbox mailbox, Optional<PendingErasure> erasure) {}

    private Optional<Forgetting> beginForgetting(String name, AccessScope scope) {
        writing.lock();
        try {
            return findStored(name, scope)
                    .map(mailbox -> new Forgetting(mailbox, store.mailboxes().beginForgetting(mailbox.id())));
        } finally {
            writing.unlock();
        }
    }

    /// Finds a removed mailbox, too.
    private Optional<Mailbox> findStored(String name, AccessScope scope) {
        return findEnrolled(name, scope).or(() -> findRemoved(name, scope));
    }

    private Optional<Mailbox> findEnrolled(String name, AccessScope scope) {
        return find(store.mailboxes(), name).filter(new ScopeFilter(store.mailboxes(), scope)::covers);
    }

    private Optional<Mailbox> findRemoved(String name, AccessScope scope) {
        return scope.isLimited() ? Optional.empty() : findRemoved(store.mailboxes(), name);
    }

    /// Removes the rows without the lock, because changes of the list need not wait for minutes.
    private AdminReply complete(Forgetting forgetting) {
        return forgetting
                .erasure()
                .map(erasure -> erase(forgetting.mailbox(), erasure))
                .orElseGet(() -> conflict(
                        forgetting.mailbox(),
                        "is " + forgetting.mailbox().state().label() + "; pause it, or remove it from its group, and"
                                + " then have it forgotten"));
    }

    private AdminReply erase(Mailbox mailbox, PendingErasure erasure) {
        compensator.raise(mailbox.id());
        try {
            var gone = erasure.complete();
            forgotten.accept(gone.deferred());
            return AdminReply.of(tree(gone));
        } catch (StoreException e) {
            return AdminReply.problem(
                    503,
                    "store-unavailable",
                    "the mailbox is forgotten, but its rows are removed only when the store can be written again; do not"
                            + " repeat the request");
        }
    }

    private static Map<String, Object> tree(MailboxRegistry.ForgottenMailbox gone) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("id", gone.id().value());
        tree.put("deadLetters", gone.deadLetters());
        tree.put(
                "deferredDeliveries",
                gone.deferred().values().stream().mapToLong(Long::longValue).sum());
        return tree;
    }

    private AdminReply resume(Mailbox mailbox, String reason) {
        if (!(mailbox.state() instanceof MailboxState.Paused)) {
            return conflict(mailbox, "is not paused");
        }
        store.mailboxes().resume(mailbox.id(), reason);
        return requested(mailbox, "resume", reason);
    }

    private static AdminReply conflict(Mailbox mailbox, String why) {
        return AdminReply.problem(409, "not-possible-now", mailbox.address() + " " + why);
    }

    private AdminReply requested(Mailbox before, String action, String reason) {
        compensator.request(before.id(), action, reason);
        return accepted(before);
    }

    private AdminReply accepted(Mailbox before) {
        return AdminReply.json(202, tree(store.mailboxes().find(before.id()).orElse(before)));
    }

    /// Renders a mailbox with its history and its next step.
    private Map<String, Object> fullTree(Mailbox mailbox, Map<String, Object> tree, NextStep nextStep) {
        var next = new LinkedHashMap<String, Object>();
        next.put("what", nextStep.action());
        next.put("at", nextStep.at());
        next.put("why", nextStep.reason());
        tree.put("next", next);
        tree.put("request", compensator.request(mailbox.id()).map(MailboxRoutes::tree));
        tree.put("resync", subscriber.resync(mailbox.id()).map(RepairStatusView::tree));
        tree.put("history", new MailboxHistory(store.journal()).of(mailbox.id(), compensator.request(mailbox.id())));
        return tree;
    }

    private static Map<String, Object> tree(OperatorRequest request) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("action", request.action());
        tree.put("at", request.at());
        tree.put("outcome", request.outcome().map(OperatorRequest.Outcome::text).orElse("not tried yet"));
        tree.put("outcomeAt", request.outcome().map(OperatorRequest.Outcome::at));
        return tree;
    }

    /// Returns the fields of a removed mailbox. The store keeps its last state, which no longer counts.
    private Map<String, Object> removedTree(Mailbox mailbox) {
        var tree = tree(mailbox);
        tree.put("state", REMOVED);
        tree.put("silentAt", Optional.empty());
        tree.put("lastError", mailbox.lastError());
        return tree;
    }

    /// Returns the fields of a mailbox in lists.
    Map<String, Object> tree(Mailbox mailbox) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("id", mailbox.id().value());
        tree.put("address", mailbox.address().value());
        tree.put("group", mailbox.membership().group());
        tree.put("state", mailbox.state().label());
        tree.put("subscriptionId", mailbox.subscriptionId().map(SubscriptionId::value));
        tree.put("watermark", mailbox.watermark().map(each -> each.value().value()));
        tree.put("watermarkAt", mailbox.watermark().map(StoredWatermark::takenAt));
        tree.put("lastHeardAt", mailbox.lastHeardAt());
        tree.put("silentAt", compensator.silentAt(mailbox));
        tree.put("origin", mailbox.origin().map(MailboxRoutes::word));
        tree.put("lastError", mailbox.lastError().or(() -> connectionFailure(mailbox)));
        return tree;
    }

    /// Returns the reason why a mailbox without a last error still waits for a subscription.
    private Optional<String> connectionFailure(Mailbox mailbox) {
        return switch (mailbox.state()) {
            case MailboxState.New ignored -> reasonOf(connection(mailbox));
            case MailboxState.Subscribing ignored -> reasonOf(connection(mailbox));
            case MailboxState.Silent ignored -> reasonOf(connection(mailbox));
            case MailboxState.Resyncing ignored -> reasonOf(connection(mailbox));
            case MailboxState.Active ignored -> Optional.empty();
            case MailboxState.Degraded ignored -> Optional.empty();
            case MailboxState.Paused ignored -> Optional.empty();
            case MailboxState.Failed ignored -> Optional.empty();
        };
    }

    private Optional<String> connection(Mailbox mailbox) {
        return subscriber.plan(mailbox.membership().group()).map(GroupSubscriptionConfig::connection);
    }

    private Optional<String> reasonOf(Optional<String> name) {
        return name.flatMap(wanted -> subscriber.connections().stream()
                .filter(connection -> connection.name().equals(wanted) && !connection.isAvailable())
                .findFirst()
                .flatMap(ConnectionStatus::reason)
                .map(reason -> "Connection " + wanted + " is unavailable: " + reason));
    }

    private static String word(EventOrigin origin) {
        return origin.name().toLowerCase(Locale.ROOT);
    }
}
