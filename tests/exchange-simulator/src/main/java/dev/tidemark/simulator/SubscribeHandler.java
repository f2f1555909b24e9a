package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedFolderName;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.operation.FolderOperationHandler;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Grants or refuses push subscriptions as Exchange does, and starts their senders.
final class SubscribeHandler {
    private static final int MAX_URL_LENGTH = 2082;
    /// Delay of the first callback. The response is usually faster, but nothing guarantees that.
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final SimulatedOrganization organization;
    private final PushSenderRegistry senders;
    private final PushDependencies push;

    SubscribeHandler(SimulatedOrganization organization, PushSenderRegistry senders, PushDependencies push) {
        this.organization = organization;
        this.senders = senders;
        this.push = push;
    }

    /// Creates a subscription. Throws [ResponseErrorException] if it is refused, [ConnectionLostException] if
    /// the response must be lost.
    Consumer<XmlDocumentBuilder> subscribe(SimulatedEwsCall.Subscribe call, SimulatedMailbox mailbox, String version) {
        var options = options(call, mailbox);
        var place =
                call.watermark().map(watermark -> resume(watermark, mailbox)).orElseGet(mailbox::end);
        var granted = call.watermark().orElseGet(() -> mailbox.watermark(place));
        var server = organization.server(mailbox.address());
        var now = push.scheduler().clock().instant();
        var id = organization.ids(mailbox.address()).subscription(server.host(), organization.uuid(), now);
        start(new PushSender(new PushSubscription(id, server, mailbox, options, granted, place, version), push));
        return SoapWriter.success(
                call.operation(),
                xml -> xml.text("m:SubscriptionId", id.value()).text("m:Watermark", granted.value()));
    }

    /// Subscribes a listener to the inbox of a mailbox.
    void subscribe(SimulatedMailbox mailbox, URI listener) {
        var inbox = new SimulatedEwsCall.FolderName(new SimulatedFolderName.Distinguished("inbox"), Optional.empty());
        var kinds = Set.of(
                ChangeKind.NEW_MAIL, ChangeKind.CREATED, ChangeKind.DELETED, ChangeKind.MODIFIED, ChangeKind.MOVED);
        var call = new SimulatedEwsCall.Subscribe(
                List.of(inbox), kinds, Optional.empty(), Duration.ofMinutes(30), listener.toString());
        subscribe(call, mailbox, "Exchange2013_SP1");
    }

    int count(MailboxAddress mailbox) {
        return senders.live(mailbox).size();
    }

    /// Refuses Unsubscribe for push subscriptions (docs, unsubscribe-operation); live servers return this code.
    ResponseErrorException unsubscribe(SimulatedEwsCall.Unsubscribe call) {
        var known = senders.live().stream()
                .anyMatch(sender -> sender.subscription().id().value().equals(call.subscription()));
        return known
                ? new ResponseErrorException(
                        "ErrorInvalidSubscription", "Unsubscribe is not valid for a push subscription.")
                : new ResponseErrorException("ErrorSubscriptionNotFound", "The specified subscription was not found.");
    }

    private void start(PushSender sender) {
        senders.add(sender);
        var occasion = subscribing(sender.subscription().mailbox());
        if (push.faults().strikes(SimulatorFault.EARLY_NOTIFICATION, occasion)) {
            sender.startEarly();
        } else {
            push.scheduler().at(push.scheduler().clock().instant().plus(HEAD_START), sender::start);
        }
        if (push.faults().strikes(SimulatorFault.LOSE_SUBSCRIBE_RESPONSE, occasion)) {
            throw new ConnectionLostException();
        }
    }

    private PushSubscription.SubscribeOptions options(SimulatedEwsCall.Subscribe call, SimulatedMailbox mailbox) {
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
        if (push.faults().strikes(SimulatorFault.EXPIRE_WATERMARK, subscribing(mailbox))) {
            mailbox.forgetHistory();
        }
        if (push.faults().strikes(SimulatorFault.REFUSE_WATERMARK, subscribing(mailbox))) {
            throw invalidWatermark();
        }
        return mailbox.resume(watermark).orElseThrow(SubscribeHandler::invalidWatermark);
    }

    private static FaultOccasion subscribing(SimulatedMailbox mailbox) {
        return FaultOccasion.of(mailbox.address(), "Subscribe");
    }

    static ResponseErrorException invalidWatermark() {
        return new ResponseErrorException(
                "ErrorInvalidWatermark", "The watermark used for creating the subscription was not found.");
    }

    private static URI url(String text) {
        return Optional.of(text)
                .filter(url -> url.length() <= MAX_URL_LENGTH)
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
