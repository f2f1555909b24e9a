package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.operation.EwsCallReader;
import dev.tidemark.simulator.operation.MailboxOperations;
import dev.tidemark.simulator.operation.MailboxScope;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.SoapReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.throttle.BackOffWatch;
import dev.tidemark.values.MailboxAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/// Handles requests to /EWS/Exchange.asmx: checks the login, injects faults, finds the mailbox and runs the
/// operation. Thread-safe.
final class EwsEndpoint {
    private static final Logger log = LoggerFactory.getLogger(EwsEndpoint.class);

    private final SimulatorConfig config;
    private final SimulatedOrganization organization;
    private final FaultPlan faults;
    private final RequestFaults requestFaults;
    private final OperationDispatcher dispatcher;
    private final StreamingService streaming;
    private final RequestLog requests;
    private final BackOffWatch backOffs;
    private final CallerMailboxResolver resolver;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger maxInFlight = new AtomicInteger();

    EwsEndpoint(
            SimulatorConfig config,
            SimulatedOrganization organization,
            FaultPlan faults,
            OperationDispatcher dispatcher,
            StreamingService streaming,
            RequestLog requests,
            BackOffWatch backOffs) {
        this.config = config;
        this.organization = organization;
        this.faults = faults;
        requestFaults = new RequestFaults(faults);
        this.dispatcher = dispatcher;
        this.streaming = streaming;
        this.requests = requests;
        this.backOffs = backOffs;
        resolver = new CallerMailboxResolver(organization, config);
    }

    SimulatorResponse handle(Optional<String> authorization, String body) {
        return handle(authorization, AffinityRoute.NONE, body);
    }

    SimulatorResponse handle(Optional<String> authorization, AffinityRoute route, String body) {
        maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        try {
            return handleInFlight(authorization, route, body);
        } finally {
            inFlight.decrementAndGet();
        }
    }

    int maxConcurrentRequests() {
        return maxInFlight.get();
    }

    private SimulatorResponse handleInFlight(Optional<String> authorization, AffinityRoute route, String body) {
        if (!isAuthorized(authorization)) {
            return new SimulatorResponse.Unauthorized();
        }
        try {
            return handle(SoapReader.read(body), authorization, route);
        } catch (SAXException e) {
            log.debug("Request is not an envelope", e);
            return SimulatorResponse.Reply.xml(
                    500, SoapWriter.fault(SoapFaultException.schema(String.valueOf(e.getMessage()))));
        } catch (SoapFaultException e) {
            log.debug("Request refused", e);
            return SimulatorResponse.Reply.xml(500, SoapWriter.fault(e));
        } catch (ConnectionLostException e) {
            log.debug("Response dropped on purpose", e);
            return new SimulatorResponse.Cut();
        }
    }

    private SimulatorResponse handle(
            SoapReader.Envelope envelope, Optional<String> authorization, AffinityRoute route) {
        var caller = SoapRequestHeader.read(envelope.header(), resolver::ownerOf);
        var operation = String.valueOf(envelope.body().getLocalName());
        var mailbox = resolver.resolve(caller, authorization, envelope.body());
        var occasion = new FaultOccasion(mailbox, Optional.of(operation));
        var instead = requestFaults.replacement(occasion);
        if (instead.isPresent()) {
            return instead.get();
        }
        requests.add(envelope.body(), mailbox, caller.version(), route);
        var owner = mailbox.map(MailboxAddress::value).orElse("");
        try {
            backOffs.requireOver(owner);
            return answer(envelope, route, caller, occasion);
        } catch (SoapFaultException e) {
            e.backOff().ifPresent(wait -> backOffs.grant(owner, wait));
            throw e;
        } catch (ResponseErrorException e) {
            log.debug("{} refused", operation, e);
            e.backOff().ifPresent(wait -> backOffs.grant(owner, wait));
            return SimulatorResponse.Reply.xml(
                    200, SoapWriter.answer(operation, List.of(SoapWriter.refusal(operation, e))));
        }
    }

    private SimulatorResponse answer(
            SoapReader.Envelope envelope, AffinityRoute route, SoapRequestHeader caller, FaultOccasion occasion) {
        var trouble = faults.nextError(occasion);
        if (trouble.orElse(null) instanceof ScriptedError.Http http) {
            return scripted(http);
        }
        trouble.ifPresent(EwsEndpoint::refuse);
        requestFaults.refuseIfBusy(occasion);
        return handle(envelope, route, caller, occasion);
    }

    private static SimulatorResponse scripted(ScriptedError.Http http) {
        var page = "<html><body>" + http.status() + "</body></html>";
        var type = http.body().isPresent() ? "text/xml; charset=utf-8" : "text/html";
        return new SimulatorResponse.Reply(http.status(), type, http.body().orElse(page), http.headers());
    }

    private SimulatorResponse handle(
            SoapReader.Envelope envelope, AffinityRoute route, SoapRequestHeader caller, FaultOccasion occasion) {
        var call = EwsCallReader.read(envelope.body());
        var mailbox = mailbox(occasion);
        var server = route.server(organization, mailbox.address());
        if (call instanceof SimulatedEwsCall.GetStreamingEvents stream) {
            return new SimulatorResponse.Streamed(streaming.open(stream, mailbox.address(), server), sent -> {});
        }
        var document = call instanceof SimulatedEwsCall.MailboxCall direct
                ? MailboxOperations.answer(direct, new MailboxScope(mailbox, organization::find))
                : SoapWriter.answer(
                        envelope.body().getLocalName(),
                        dispatcher.messages(
                                call, new OperationDispatcher.CallContext(mailbox, caller.version(), server)));
        var reply = SimulatorResponse.Reply.xml(200, document).with(route.headers(server));
        return requestFaults.spoiled(reply, call, occasion);
    }

    private static void refuse(ScriptedError trouble) {
        var text = "The simulated Exchange refuses this on request";
        if (trouble instanceof ScriptedError.SoapFault fault) {
            throw new SoapFaultException(fault.code(), text, fault.backOff(), fault.inner());
        }
        if (trouble instanceof ScriptedError.Message message) {
            throw new ResponseErrorException(message.code(), text, message.backOff(), message.inner());
        }
        throw new IllegalStateException("The response to an HTTP error was sent earlier.");
    }

    private SimulatedMailbox mailbox(FaultOccasion occasion) {
        var address = occasion.mailbox().orElseThrow(CallerMailboxResolver::noMailbox);
        if (organization.denied().contains(address) || requestFaults.denies(occasion)) {
            throw new SoapFaultException(
                    "ErrorImpersonateUserDenied",
                    "The account does not have permission to impersonate the requested user.");
        }
        return organization.find(address).orElseThrow(CallerMailboxResolver::noMailbox);
    }

    boolean isAuthorized(Optional<String> authorization) {
        if (config.login().isEmpty()) {
            return true;
        }
        var login = config.login().get();
        var pair = (login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        var expected = "Basic " + Base64.getEncoder().encodeToString(pair);
        return authorization.filter(expected::equals).isPresent();
    }
}
