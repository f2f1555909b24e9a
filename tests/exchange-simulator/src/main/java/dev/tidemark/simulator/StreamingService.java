package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Streaming subscriptions, and the streams that tell their events. A subscription lies on the server that the
/// request came to, no other knows it, and it keeps its place while nobody reads.
final class StreamingService {
    private final SimulatedOrganization world;
    private final SimulatorScheduler timetable;
    private final PushSender.PushTiming tempo;
    private final RequestFaults faults;
    private final Map<String, StreamingSubscription> subscriptions = new ConcurrentHashMap<>();

    StreamingService(
            SimulatedOrganization world,
            SimulatorScheduler timetable,
            PushSender.PushTiming tempo,
            RequestFaults faults) {
        this.world = world;
        this.timetable = timetable;
        this.tempo = tempo;
        this.faults = faults;
    }

    Consumer<XmlDocumentBuilder> subscribe(
            SimulatedEwsCall.SubscribeStreaming call, SimulatedMailbox mailbox, MailboxServer server) {
        var folders = call.folders().stream()
                .map(name -> FolderOperationHandler.folder(name, mailbox, "ErrorFolderNotFound"))
                .map(folder -> folder.id().id())
                .collect(Collectors.toUnmodifiableSet());
        var id = world.ids(mailbox.address()).subscription(server.host(), world.uuid(), now());
        subscriptions.put(id.value(), new StreamingSubscription(id, server, mailbox, folders, call.kinds()));
        return SoapWriter.success("Subscribe", xml -> xml.text("m:SubscriptionId", id.value()));
    }

    /// Whether there was one to end.
    boolean unsubscribe(String id) {
        return subscriptions.remove(id) != null;
    }

    StreamingResponse open(SimulatedEwsCall.GetStreamingEvents call, MailboxServer server) {
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
        var end = now().plus(tempo.scaled(call.timeout()));
        return new StreamingResponse(found, lost, new StreamingResponse.Surroundings(timetable.clock(), faults), end);
    }

    List<SubscriptionId> of(MailboxAddress address) {
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
        return timetable.clock().instant();
    }
}
