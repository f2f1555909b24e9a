package dev.tidemark.simulator;

import dev.tidemark.simulator.description.ServiceDescription;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.throttle.ConnectionQuota;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.function.BiConsumer;

/// Directs requests to the service of their path. Thread-safe.
final class ExchangeRouter implements WireMockHost.FrontDoor {
    static final String EWS = "/EWS/Exchange.asmx";
    static final String AUTODISCOVER = "/autodiscover/autodiscover.svc";

    private final EwsEndpoint ews;
    private final SimulatedAutodiscover autodiscovery;
    private final SimulatorControlApi control;
    private final ConnectionQuota concurrency;
    private final BiConsumer<String, String> bodies;

    ExchangeRouter(
            EwsEndpoint ews,
            SimulatedAutodiscover autodiscovery,
            SimulatorControlApi control,
            ConnectionQuota concurrency,
            BiConsumer<String, String> bodies) {
        this.ews = ews;
        this.concurrency = concurrency;
        this.autodiscovery = autodiscovery;
        this.control = control;
        this.bodies = bodies;
    }

    /// Serves a request. It counts as concurrent until its response is written; a stream has its own limit.
    @Override
    public void serve(SimulatorRequest request, WireMockHost.ResponseSink sink) throws IOException {
        if (!request.target().toLowerCase(Locale.ROOT).startsWith("/ews/")) {
            sink.write(handle(request));
            return;
        }
        ConnectionQuota.ConnectionPermit permit;
        try {
            permit = concurrency.enter(request.authorization().orElse(""));
        } catch (SoapFaultException tooMany) {
            sink.write(SimulatorResponse.Reply.xml(500, SoapWriter.fault(tooMany)));
            return;
        }
        try {
            var response = handle(request);
            if (response instanceof SimulatorResponse.Streamed) {
                permit.close();
            }
            sink.write(response);
        } finally {
            permit.close();
        }
    }

    private SimulatorResponse handle(SimulatorRequest request) {
        if (request.target().startsWith("/simulator/")) {
            return control.handle(request);
        }
        var target = URI.create(request.target());
        var path = target.getPath().toLowerCase(Locale.ROOT);
        return path.startsWith("/autodiscover/") ? autodiscover(request, target, path) : ews(request, target);
    }

    private SimulatorResponse autodiscover(SimulatorRequest request, URI target, String path) {
        if (path.startsWith("/autodiscover/autodiscover.json")) {
            return new PoxAutodiscover(autodiscovery, request.host()).json(target);
        }
        if (!ews.isAuthorized(request.authorization())) {
            return new SimulatorResponse.Unauthorized();
        }
        return switch (path) {
            case AUTODISCOVER -> autodiscovery.respond(request.body(), request.host());
            case "/autodiscover/autodiscover.xml" ->
                new PoxAutodiscover(autodiscovery, request.host()).respond(request.body());
            default -> SimulatorResponse.Reply.text(404, "There is no autodiscover service here.");
        };
    }

    private SimulatorResponse ews(SimulatorRequest request, URI target) {
        var file = ServiceDescription.at(target.getPath(), autodiscovery.hereOn(request.host()));
        if (file.isPresent()) {
            return ews.isAuthorized(request.authorization())
                    ? SimulatorResponse.Reply.xml(200, file.get())
                    : new SimulatorResponse.Unauthorized();
        }
        if (!target.getPath().equalsIgnoreCase(EWS)) {
            return SimulatorResponse.Reply.text(404, "The simulated Exchange answers at " + EWS + ".");
        }
        if (!request.method().equals("POST")) {
            return SimulatorResponse.Reply.text(405, "Exchange Web Services take POST.");
        }
        var answer = ews.handle(request.authorization(), request.route(), request.body());
        if (answer instanceof SimulatorResponse.Reply reply) {
            bodies.accept(request.body(), reply.body());
        }
        return answer instanceof SimulatorResponse.Streamed streamed
                ? new SimulatorResponse.Streamed(streamed.flow(), envelope -> bodies.accept(request.body(), envelope))
                : answer;
    }
}
