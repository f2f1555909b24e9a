package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/// Answers /EWS/Exchange.asmx: login, faults that hit any request, whose mailbox is meant, and then the
/// operation itself.
final class EwsService {
    private static final Logger log = LoggerFactory.getLogger(EwsService.class);

    private final SimulatorConfig config;
    private final World world;
    private final Faults faults;
    private final RequestFaults requestFaults;
    private final Subscriber subscriber;
    private final Streaming streaming;
    private final RequestLog requests;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    EwsService(
            SimulatorConfig config,
            World world,
            Faults faults,
            Subscriber subscriber,
            Streaming streaming,
            RequestLog requests) {
        this.config = config;
        this.world = world;
        this.faults = faults;
        requestFaults = new RequestFaults(faults);
        this.subscriber = subscriber;
        this.streaming = streaming;
        this.requests = requests;
    }

    HttpAnswer answer(Optional<String> authorization, String body) {
        return answer(authorization, Route.NONE, body);
    }

    HttpAnswer answer(Optional<String> authorization, Route route, String body) {
        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
            return answered(authorization, route, body);
        } finally {
            underWay.decrementAndGet();
        }
    }

    int mostAtOnce() {
        return most.get();
    }

    private HttpAnswer answered(Optional<String> authorization, Route route, String body) {
        if (!welcome(authorization)) {
            return new HttpAnswer.Unauthorized();
        }
        try {
            return answer(SoapReader.read(body), route);
        } catch (SAXException e) {
            log.debug("a request is no envelope", e);
            return HttpAnswer.Reply.xml(500, SoapWriter.fault(EwsFault.schema(String.valueOf(e.getMessage()))));
        } catch (EwsFault e) {
            log.debug("a request is refused", e);
            return HttpAnswer.Reply.xml(500, SoapWriter.fault(e));
        } catch (ConnectionLostException e) {
            log.debug("a response is lost on purpose", e);
            return new HttpAnswer.Cut();
        }
    }

    private HttpAnswer answer(SoapReader.Envelope envelope, Route route) {
        var caller = Caller.read(envelope.header(), this::ownerOf);
        var operation = String.valueOf(envelope.body().getLocalName());
        var asked = caller.impersonated().or(this::own);
        var occasion = new FaultOccasion(asked, Optional.of(operation));
        var instead = requestFaults.instead(occasion);
        if (instead.isPresent()) {
            return instead.get();
        }
        requests.add(envelope.body(), asked, caller.version(), route);
        var trouble = faults.trouble(occasion);
        if (trouble.orElse(null) instanceof Trouble.Http(var status, var headers)) {
            return new HttpAnswer.Reply(status, "text/html", "<html><body>" + status + "</body></html>", headers);
        }
        try {
            trouble.ifPresent(EwsService::refuse);
            requestFaults.refuseIfBusy(occasion);
            return answer(envelope, route, caller, occasion);
        } catch (EwsRefusal e) {
            log.debug("{} is refused", operation, e);
            return HttpAnswer.Reply.xml(200, SoapWriter.answer(operation, List.of(SoapWriter.refusal(operation, e))));
        }
    }

    private HttpAnswer answer(SoapReader.Envelope envelope, Route route, Caller caller, FaultOccasion occasion) {
        var call = CallReader.read(envelope.body());
        var mailbox = mailbox(caller, occasion);
        var server = route.server(world, mailbox.address());
        if (call instanceof EwsCall.GetStreamingEvents stream) {
            return new HttpAnswer.Streamed(streaming.open(stream, server));
        }
        var messages = messages(call, mailbox, caller, server);
        var operation = String.valueOf(envelope.body().getLocalName());
        var reply = HttpAnswer.Reply.xml(200, SoapWriter.answer(operation, messages))
                .with(route.headers(server));
        return requestFaults.spoiled(reply, call, occasion);
    }

    private List<Consumer<Xml>> messages(EwsCall call, SimulatedMailbox mailbox, Caller caller, MailboxServer server) {
        return switch (call) {
            case EwsCall.Subscribe subscribe -> List.of(subscriber.subscribe(subscribe, mailbox, caller.version()));
            case EwsCall.SubscribeStreaming subscribe -> List.of(streaming.subscribe(subscribe, mailbox, server));
            case EwsCall.GetStreamingEvents ignored -> throw new AssertionError("A stream is no list of messages.");
            case EwsCall.Unsubscribe unsubscribe -> {
                if (streaming.unsubscribe(unsubscribe.subscription())) {
                    yield List.of(SoapWriter.success("Unsubscribe", xml -> {}));
                }
                throw subscriber.unsubscribe(unsubscribe);
            }
            case EwsCall.SyncFolderItems sync -> {
                refuseState(sync.state(), mailbox, sync.operation());
                yield List.of(ContentAnswers.syncFolderItems(sync, mailbox));
            }
            case EwsCall.GetItem get -> ContentAnswers.getItem(get, mailbox);
            case EwsCall.GetFolder get -> FolderAnswers.getFolder(get, mailbox);
            case EwsCall.FindFolder find -> FolderAnswers.findFolder(find, mailbox);
            case EwsCall.SyncFolderHierarchy sync -> {
                refuseState(sync.state(), mailbox, sync.operation());
                yield List.of(FolderAnswers.syncFolderHierarchy(sync, mailbox));
            }
            case EwsCall.ResolveNames resolve -> List.of(world.directory().resolve(resolve));
        };
    }

    private void refuseState(String state, SimulatedMailbox mailbox, String operation) {
        if (!state.isEmpty()
                && faults.strikes(Fault.REFUSE_SYNC_STATE, FaultOccasion.of(mailbox.address(), operation))) {
            throw FolderSync.invalidState();
        }
    }

    private static void refuse(Trouble trouble) {
        var text = "The simulated Exchange was told to refuse this";
        switch (trouble) {
            case Trouble.SoapFault fault -> throw new EwsFault(fault.code(), text, fault.backOff(), fault.inner());
            case Trouble.Message message ->
                throw new EwsRefusal(message.code(), text, message.backOff(), message.inner());
            case Trouble.Http ignored -> throw new IllegalStateException("It has been answered already.");
        }
    }

    private SimulatedMailbox mailbox(Caller caller, FaultOccasion occasion) {
        var address = caller.impersonated().or(this::own).orElseThrow(EwsService::noMailbox);
        if (world.denied().contains(address) || requestFaults.denies(occasion)) {
            throw new EwsFault(
                    "ErrorImpersonateUserDenied",
                    "The account does not have permission to impersonate the requested user.");
        }
        return world.find(address).orElseThrow(EwsService::noMailbox);
    }

    private Optional<MailboxAddress> ownerOf(String sid) {
        return world.all().keySet().stream()
                .filter(address -> SimulatedSid.of(address).equals(sid))
                .findFirst();
    }

    /// Without impersonation the account's own mailbox is meant: the one of its name, or else the only one.
    private Optional<MailboxAddress> own() {
        var all = world.all().keySet();
        var named = config.login()
                .flatMap(login -> all.stream()
                        .filter(address -> address.value().equalsIgnoreCase(login.username()))
                        .findFirst());
        return named.or(() -> all.size() == 1 ? all.stream().findFirst() : Optional.empty());
    }

    private static EwsFault noMailbox() {
        return new EwsFault("ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.");
    }

    boolean welcome(Optional<String> authorization) {
        if (config.login().isEmpty()) {
            return true;
        }
        var login = config.login().get();
        var pair = (login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        var expected = "Basic " + Base64.getEncoder().encodeToString(pair);
        return authorization.filter(expected::equals).isPresent();
    }
}
