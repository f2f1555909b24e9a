package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.operation.FolderOperationHandler;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.simulator.throttle.AccountLimits;
import dev.tidemark.simulator.throttle.ConnectionBudget;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Holds streaming subscriptions and opens streams on them. Only the server that received the request knows a
/// subscription. It keeps its position while no stream reads it. Thread-safe.
final class StreamingService {
    private final SimulatedOrganization organization;
    private final SimulatorScheduler scheduler;
    private final PushDependencies.PushTiming timing;
    private final RequestFaults faults;
    private final Duration lifetime;
    private final ConnectionBudget streams;
    private final Map<String, StreamingSubscription> subscriptions = new ConcurrentHashMap<>();

    StreamingService(
            SimulatedOrganization organization,
            SimulatorScheduler scheduler,
            PushDependencies.PushTiming timing,
            RequestFaults faults,
            AccountLimits limits) {
        this.organization = organization;
        this.scheduler = scheduler;
        this.timing = timing;
        this.faults = faults;
        lifetime = timing.scaled(limits.streamLifetime());
        streams = new ConnectionBudget(limits.streams());
    }

    Consumer<XmlDocumentBuilder> subscribe(
            SimulatedEwsCall.SubscribeStreaming call, SimulatedMailbox mailbox, MailboxServer server) {
        var folders = call.folders().stream()
                .map(name -> FolderOperationHandler.folder(name, mailbox, "ErrorFolderNotFound"))
                .map(folder -> folder.id().id())
                .collect(Collectors.toUnmodifiableSet());
        var id = organization.ids(mailbox.address()).subscription(server.host(), organization.uuid(), now());
        subscriptions.put(id.value(), new StreamingSubscription(id, server, mailbox, folders, call.kinds(), now()));
        return SoapWriter.success("Subscribe", xml -> xml.text("m:SubscriptionId", id.value()));
    }

    /// Ends a subscription. Returns false if it does not exist.
    boolean unsubscribe(String id) {
        return subscriptions.remove(id) != null;
    }

    StreamingResponse open(SimulatedEwsCall.GetStreamingEvents call, MailboxAddress mailbox, MailboxServer server) {
        forgetExpired();
        var here = subscriptions.values().stream()
                .filter(each -> each.server().equals(server))
                .collect(Collectors.toMap(each -> each.id().value(), Function.identity()));
        var found = call.subscriptions().stream()
                .filter(here::containsKey)
                .map(here::get)
                .toList();
        var lost = call.subscriptions().stream()
                .filter(id -> !here.containsKey(id))
                .toList();
        var end = now().plus(timing.scaled(call.timeout()));
        var dead = faults.isDead(FaultOccasion.of(mailbox, call.operation()));
        var permit = streams.enter(mailbox.value());
        found.forEach(StreamingSubscription::streamOpened);
        var dependencies = new StreamingResponse.Dependencies(scheduler.clock(), faults, () -> {
            permit.close();
            found.forEach(each -> each.streamClosed(now()));
        });
        return dead
                ? new StreamingResponse(List.of(), List.of(), dependencies, end)
                : new StreamingResponse(found, lost, dependencies, end);
    }

    /// Forgets the subscriptions that no stream has served for too long.
    private void forgetExpired() {
        if (!lifetime.isZero()) {
            var latest = now().minus(lifetime);
            subscriptions.values().removeIf(each -> each.isIdleSince(latest));
        }
    }

    List<SubscriptionId> of(MailboxAddress address) {
        forgetExpired();
        return subscriptions.values().stream()
                .filter(each -> each.mailbox().address().equals(address))
                .map(StreamingSubscription::id)
                .toList();
    }

    int forget() {
        var count = subscriptions.size();
        subscriptions.clear();
        return count;
    }

    private Instant now() {
        return scheduler.clock().instant();
    }
}
