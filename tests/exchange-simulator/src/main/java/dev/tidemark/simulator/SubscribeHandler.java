package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Grants subscriptions, or refuses them as Exchange does, and sets their lanes going.
final class SubscribeHandler {
    /// EWSMaxSubscriptions of an on-premises server, for one mailbox.
    private static final int MOST = 5000;
    private static final int LONGEST_URL = 2082;
    /// The response is on its way by then; nothing promises that it arrives before the first call-back.
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final SimulatedOrganization world;
    private final PushSenderRegistry lanes;
    private final PushSender.Dependencies push;

    SubscribeHandler(SimulatedOrganization world, PushSenderRegistry lanes, PushSender.Dependencies push) {
        this.world = world;
        this.lanes = lanes;
        this.push = push;
    }

    /// Throws [ResponseErrorException] for what is refused, [ConnectionLostException] when it is granted in vain.
    Consumer<XmlDocumentBuilder> subscribe(SimulatedEwsCall.Subscribe call, SimulatedMailbox mailbox, String version) {
        var wish = wish(call, mailbox);
        if (lanes.live(mailbox.address()).size() >= MOST) {
            throw new ResponseErrorException(
                    "ErrorExceededSubscriptionCount", "The mailbox has as many subscriptions as it may have.");
        }
        var place =
                call.watermark().map(watermark -> resume(watermark, mailbox)).orElseGet(mailbox::end);
        var granted = call.watermark().orElseGet(() -> mailbox.watermark(place));
        var server = world.server(mailbox.address());
        var now = push.timetable().clock().instant();
        var id = world.ids(mailbox.address()).subscription(server.host(), world.uuid(), now);
        start(new PushSender(new PushSubscription(id, server, mailbox, wish, granted, place, version), push));
        return SoapWriter.success(
                call.operation(),
                xml -> xml.text("m:SubscriptionId", id.value()).text("m:Watermark", granted.value()));
    }

    /// Push subscriptions cannot be ended so (docs, unsubscribe-operation); live servers give this code.
    ResponseErrorException unsubscribe(SimulatedEwsCall.Unsubscribe call) {
        var known = lanes.live().stream()
                .anyMatch(lane -> lane.subscription().id().value().equals(call.subscription()));
        return known
                ? new ResponseErrorException(
                        "ErrorInvalidSubscription", "Unsubscribe is not valid for a push subscription.")
                : new ResponseErrorException("ErrorSubscriptionNotFound", "The specified subscription was not found.");
    }

    private void start(PushSender lane) {
        lanes.add(lane);
        var occasion = subscribing(lane.subscription().mailbox());
        if (push.faults().strikes(SimulatorFault.EARLY_NOTIFICATION, occasion)) {
            lane.startEarly();
        } else {
            push.timetable().at(push.timetable().clock().instant().plus(HEAD_START), lane::start);
        }
        if (push.faults().strikes(SimulatorFault.LOSE_SUBSCRIBE_RESPONSE, occasion)) {
            throw new ConnectionLostException();
        }
    }

    private PushSubscription.SubscribeOptions wish(SimulatedEwsCall.Subscribe call, SimulatedMailbox mailbox) {
        if (call.folders().stream()
                .flatMap(folder -> folder.mailbox().stream())
                .anyMatch(other -> !other.equals(mailbox.address()))) {
            throw new ResponseErrorException(
                    "ErrorSubscriptionDelegateAccessNotSupported",
                    "Subscriptions are not supported for delegate user access.");
        }
        var folders = call.folders().stream()
                .map(name -> FolderOperationHandler.folder(name, mailbox, "ErrorFolderNotFound"))
                .map(folder -> folder.id().id())
                .collect(Collectors.toUnmodifiableSet());
        return new PushSubscription.SubscribeOptions(folders, call.kinds(), call.statusFrequency(), url(call.url()));
    }

    private long resume(Watermark watermark, SimulatedMailbox mailbox) {
        if (push.faults().strikes(SimulatorFault.REFUSE_WATERMARK, subscribing(mailbox))) {
            throw invalidWatermark();
        }
        return mailbox.resume(watermark).orElseThrow(SubscribeHandler::invalidWatermark);
    }

    private static FaultOccasion subscribing(SimulatedMailbox mailbox) {
        return FaultOccasion.of(mailbox.address(), "Subscribe");
    }

    private static ResponseErrorException invalidWatermark() {
        return new ResponseErrorException(
                "ErrorInvalidWatermark", "The watermark used for creating the subscription was not found.");
    }

    private static URI url(String text) {
        return Optional.of(text)
                .filter(url -> url.length() <= LONGEST_URL)
                .flatMap(SubscribeHandler::parse)
                .filter(uri -> uri.getHost() != null
                        && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme())))
                .orElseThrow(() -> new ResponseErrorException(
                        "ErrorInvalidPushSubscriptionUrl", "The URL of the push subscription is not valid."));
    }

    private static Optional<URI> parse(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException notAnAddress) {
            return Optional.empty();
        }
    }
}
