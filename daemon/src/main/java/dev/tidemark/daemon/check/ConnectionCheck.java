package dev.tidemark.daemon.check;

import dev.tidemark.daemon.check.CheckPlan.ConnectionPlan;
import dev.tidemark.daemon.check.CheckPlan.GroupPlan;
import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.ews.AutodiscoverClient;
import dev.tidemark.ews.AutodiscoverResult;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.config.AutodiscoverConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.subscriber.connection.RemediationHints;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Checks one connection from name resolution to subscriptions, with clients and credentials of its own. Back-offs
/// and limits of a running daemon do not apply; a check sends few requests, one after the other. Not thread-safe;
/// used by the thread of the check, which closes it.
final class ConnectionCheck implements AutoCloseable {
    private final ConnectionPlan plan;
    private final Function<String, MailboxSample> samples;
    private final StepCollector steps;
    private final Clock clock;
    private final MailboxCheck mailboxes;
    private final RouteCheck route;
    private final boolean canSubscribe;
    private final Map<URI, EwsClient> clients = new HashMap<>();
    private final Map<MailboxAddress, URI> locations = new HashMap<>();

    /// @param samples returns the mailboxes of a group
    /// @param probes opens the probes of subscriptions; without it, no mailbox is subscribed
    /// @param clock clock of the proofs of identity
    ConnectionCheck(
            ConnectionPlan plan,
            Function<String, MailboxSample> samples,
            Optional<OpenedProbes> probes,
            StepCollector steps,
            Clock clock) {
        this.plan = plan;
        this.samples = samples;
        this.steps = steps;
        this.clock = clock;
        this.mailboxes = new MailboxCheck(plan, probes, steps);
        this.canSubscribe = probes.isPresent();
        this.route = new RouteCheck(plan.settings().client(), steps);
    }

    /// Returns the subscriptions that must call back.
    List<PendingCallback> run() {
        if (!route.run(plan.settings().client().url())) {
            return List.of();
        }
        var first = groups().flatMap(group -> sample(group).first().stream()).toList();
        if (first.isEmpty()) {
            add(CheckStep.failed(
                    CheckStage.LOG_IN,
                    "No group of the connection has a mailbox to check with.",
                    "Name a mailbox in a group of this connection."));
            return List.of();
        }
        return locate(first) && isLoggedIn(first) ? subscribe() : List.of();
    }

    private boolean isLoggedIn(List<MailboxAddress> some) {
        var located = some.stream().filter(locations::containsKey).findFirst();
        return located.filter(mailbox -> {
                    var config = plan.settings().clientOfList().withUrl(location(mailbox));
                    var bindings = new ChannelBindingCheck(config, route, clock);
                    return new LoginCheck(config, steps, bindings).run(client(mailbox), mailbox);
                })
                .isPresent();
    }

    private List<PendingCallback> subscribe() {
        var pending = new ArrayList<PendingCallback>();
        for (var group : groups().toList()) {
            sample(group).first().filter(locations::containsKey).ifPresent(mailbox -> {
                if (mailboxes.impersonate(
                                client(mailbox), group, mailbox, sample(group).others())
                        && canSubscribe) {
                    mailboxes.subscribe(client(mailbox), group, mailbox, true).ifPresent(pending::add);
                }
            });
        }
        var servers = new HashSet<String>();
        pending.forEach(each -> each.server().ifPresent(servers::add));
        if (!servers.isEmpty()) {
            groups().forEach(group -> subscribeOthers(group, servers, pending));
        }
        return pending;
    }

    /// Subscribes more mailboxes of a group, and keeps those whose subscriptions name further servers.
    private void subscribeOthers(GroupPlan group, Set<String> servers, List<PendingCallback> pending) {
        for (var mailbox : sample(group).others()) {
            locateOthers(mailbox);
            if (!locations.containsKey(mailbox)) {
                continue;
            }
            mailboxes.subscribe(client(mailbox), group, mailbox, false).ifPresent(other -> {
                if (other.server().filter(servers::add).isPresent()) {
                    pending.add(other);
                } else {
                    other.probe().close();
                }
            });
        }
    }

    private void locateOthers(MailboxAddress mailbox) {
        if (!locations.containsKey(mailbox)) {
            locate(List.of(mailbox));
        }
    }

    /// Finds the server of each mailbox; returns whether one was found.
    private boolean locate(List<MailboxAddress> some) {
        var settings = plan.settings();
        if (settings.autodiscover().isEmpty()) {
            some.forEach(mailbox -> locations.put(mailbox, settings.client().url()));
            return true;
        }
        var discover = settings.autodiscover().get();
        try (var service = new AutodiscoverClient(
                new AutodiscoverConfig(settings.client(), discover.allowedHosts(), discover.allowHttp()),
                config -> HttpEwsClient.connect(config, clock))) {
            switch (service.locate(some)) {
                case EwsResult.Success<List<AutodiscoverResult>>(List<AutodiscoverResult> found) ->
                    found.forEach(this::located);
                case EwsResult.Refused<List<AutodiscoverResult>>(EwsError error) ->
                    add(failed(CheckStage.AUTODISCOVER, error));
            }
        }
        return some.stream().anyMatch(locations::containsKey);
    }

    private void located(AutodiscoverResult result) {
        var address = result.mailbox();
        var step = switch (result) {
            case AutodiscoverResult.At at -> {
                locations.put(address, at.url());
                yield CheckStep.passed(CheckStage.AUTODISCOVER, "The mailbox is served at " + at.url() + ".");
            }
            case AutodiscoverResult.Elsewhere elsewhere ->
                CheckStep.failed(
                        CheckStage.AUTODISCOVER,
                        "The mailbox is served by " + elsewhere.host() + ", which may not receive the credentials.",
                        "If the host is right, add it to autodiscover.allowed-hosts of the connection.");
            case AutodiscoverResult.Unknown unknown -> failed(CheckStage.AUTODISCOVER, unknown.error());
        };
        add(step.ofMailbox(address.value()));
    }

    private static CheckStep failed(CheckStage stage, EwsError error) {
        return CheckStep.failed(
                stage,
                RemediationHints.cause(error),
                RemediationHints.remedy(error).orElse("Check the connection's autodiscover.url and the address."));
    }

    private EwsClient client(MailboxAddress mailbox) {
        return clients.computeIfAbsent(
                location(mailbox),
                found -> HttpEwsClient.connect(plan.settings().clientOfList().withUrl(found), clock));
    }

    private URI location(MailboxAddress mailbox) {
        return Optional.ofNullable(locations.get(mailbox)).orElseThrow();
    }

    private Stream<GroupPlan> groups() {
        return plan.groups().stream();
    }

    private MailboxSample sample(GroupPlan group) {
        return samples.apply(group.name());
    }

    private void add(CheckStep step) {
        steps.add(step.ofConnection(plan.name()));
    }

    @Override
    public void close() {
        clients.values().forEach(EwsClient::close);
    }
}
