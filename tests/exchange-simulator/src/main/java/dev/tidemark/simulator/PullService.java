package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.LoggedEvent;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.operation.FolderOperationHandler;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Holds pull subscriptions. One ends when its Timeout has passed without GetEvents. Thread-safe.
final class PullService {
    private static final int BATCH = 50;

    private final SimulatedOrganization organization;
    private final SimulatorScheduler scheduler;
    private final PushDependencies.PushTiming timing;
    private final Map<String, PullSubscription> subscriptions = new ConcurrentHashMap<>();

    /// Subscription and the time at which it ends. No folders means all of them.
    private record PullSubscription(
            SimulatedMailbox mailbox, Set<String> folders, Set<ChangeKind> kinds, Duration timeout, Instant end) {
        boolean matches(LoggedEvent event) {
            return kinds.contains(event.change().kind()) && (folders.isEmpty() || event.concerns(folders));
        }

        PullSubscription until(Instant other) {
            return new PullSubscription(mailbox, folders, kinds, timeout, other);
        }
    }

    PullService(SimulatedOrganization organization, SimulatorScheduler scheduler, PushDependencies.PushTiming timing) {
        this.organization = organization;
        this.scheduler = scheduler;
        this.timing = timing;
    }

    Consumer<XmlDocumentBuilder> subscribe(
            SimulatedEwsCall.SubscribePull call, SimulatedMailbox mailbox, MailboxServer server) {
        var folders = call.folders().stream()
                .map(name -> FolderOperationHandler.folder(name, mailbox, "ErrorFolderNotFound"))
                .map(folder -> folder.id().id())
                .collect(Collectors.toUnmodifiableSet());
        call.watermark()
                .ifPresent(watermark -> mailbox.resume(watermark).orElseThrow(SubscribeHandler::invalidWatermark));
        var granted = call.watermark().orElseGet(() -> mailbox.watermark(mailbox.end()));
        var timeout = timing.scaled(call.timeout());
        var id = organization.ids(mailbox.address()).subscription(server.host(), organization.uuid(), now());
        subscriptions.put(
                id.value(), new PullSubscription(mailbox, folders, call.kinds(), timeout, now().plus(timeout)));
        return SoapWriter.success(
                "Subscribe", xml -> xml.text("m:SubscriptionId", id.value()).text("m:Watermark", granted.value()));
    }

    Consumer<XmlDocumentBuilder> getEvents(SimulatedEwsCall.GetEvents call) {
        var now = now();
        var subscription = subscriptions.computeIfPresent(
                call.subscription(),
                (id, found) -> found.end().isBefore(now) ? null : found.until(now.plus(found.timeout())));
        if (subscription == null) {
            throw new ResponseErrorException("ErrorSubscriptionNotFound", "The specified subscription was not found.");
        }
        var mailbox = subscription.mailbox();
        var place = mailbox.resume(call.watermark()).orElseThrow(SubscribeHandler::invalidWatermark);
        var range = mailbox.after(place, subscription::matches, BATCH);
        var notification = new NotificationWriter.Content(call.subscription(), mailbox, call.watermark(), range);
        return SoapWriter.success("GetEvents", notification::write);
    }

    int count(MailboxAddress address) {
        var now = now();
        return Math.toIntExact(subscriptions.values().stream()
                .filter(each ->
                        each.mailbox().address().equals(address) && !each.end().isBefore(now))
                .count());
    }

    /// Ends a subscription. Returns false if it does not exist.
    boolean unsubscribe(String id) {
        return subscriptions.remove(id) != null;
    }

    void forget() {
        subscriptions.clear();
    }

    private Instant now() {
        return scheduler.clock().instant();
    }
}
