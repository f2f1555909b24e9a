package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.FaultValues;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
import dev.tidemark.simulator.soap.SoapFaultException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Injects the faults that do not depend on the operation, and those that damage a response. Thread-safe.
final class RequestFaults {
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofMillis(150);
    private static final String HTML = "text/html; charset=utf-8";

    private final FaultPlan faults;

    RequestFaults(FaultPlan faults) {
        this.faults = faults;
    }

    /// Returns the response of a proxy in place of Exchange's own.
    Optional<SimulatorResponse> replacement(FaultOccasion occasion) {
        return faults.inject(SimulatorFault.UNAUTHORIZED, occasion)
                .<SimulatorResponse>map(scope -> new SimulatorResponse.Unauthorized())
                .or(() -> faults.inject(SimulatorFault.FORBIDDEN, occasion)
                        .map(scope -> new SimulatorResponse.Reply(403, HTML, "")))
                .or(() -> faults.inject(SimulatorFault.UNAVAILABLE, occasion).map(RequestFaults::unavailable))
                .or(() -> faults.inject(SimulatorFault.HTML_ERROR, occasion).map(RequestFaults::page));
    }

    private static SimulatorResponse unavailable(FaultScope scope) {
        var reply = SimulatorResponse.Reply.text(503, "The service is unavailable.");
        return scope.value()
                .map(wait -> reply.with(Map.of("Retry-After", wait)))
                .orElse(reply);
    }

    private static SimulatorResponse page(FaultScope scope) {
        var status = scope.value().map(FaultValues::integer).orElse(200);
        return new SimulatorResponse.Reply(
                status, HTML, "<!DOCTYPE html><html><body><h1>Something went wrong<br></h1></body></html>");
    }

    /// Throws [SoapFaultException] or [ResponseErrorException] if the server is busy.
    void refuseIfBusy(FaultOccasion occasion) {
        faults.inject(SimulatorFault.BUSY_FAULT, occasion).ifPresent(scope -> {
            throw new SoapFaultException("ErrorServerBusy", busyText(), backOff(scope));
        });
        faults.inject(SimulatorFault.BUSY_MESSAGE, occasion).ifPresent(scope -> {
            throw new ResponseErrorException("ErrorServerBusy", busyText(), backOff(scope));
        });
        faults.inject(SimulatorFault.BUSY_INNER, occasion).ifPresent(scope -> {
            throw new ResponseErrorException(
                    "ErrorInternalServerError", busyText(), backOff(scope), Optional.of("ErrorServerBusy"));
        });
    }

    private Optional<Duration> backOff(FaultScope scope) {
        return Optional.of(scope.value().map(FaultValues::milliseconds).orElseGet(faults::backOff))
                .filter(wait -> wait.compareTo(Duration.ZERO) > 0);
    }

    private static String busyText() {
        return "The server cannot service this request right now. Try again later.";
    }

    /// Returns whether a stream brings no events.
    boolean isDead(FaultOccasion occasion) {
        return faults.strikes(SimulatorFault.DEAD_STREAM, occasion);
    }

    boolean denies(FaultOccasion occasion) {
        return faults.strikes(SimulatorFault.DENY_IMPERSONATION, occasion);
    }

    /// Returns a response with the faults of this request applied.
    SimulatorResponse.Reply spoiled(SimulatorResponse.Reply answer, SimulatedEwsCall call, FaultOccasion occasion) {
        var document = faults.inject(SimulatorFault.REPEAT_PAGE, occasion)
                .map(scope -> MarkupDamage.repeatedPage(
                        answer.body(), call, scope.value().equals(Optional.of("circle"))))
                .orElse(answer.body());
        var delivery = new SimulatorResponse.Delivery(
                faults.strikes(SimulatorFault.COMPRESS_RESPONSE, occasion),
                faults.strikes(SimulatorFault.HALF_RESPONSE, occasion),
                faults.inject(SimulatorFault.SLOW_RESPONSE, occasion).map(scope -> duration(scope, SLOW)));
        return answer.of(markup(document, occasion)).by(delivery);
    }

    /// Returns a document of any kind, including a callback, with the faults applied.
    String markup(String document, FaultOccasion occasion) {
        var corrupt = faults.inject(SimulatorFault.CORRUPT_ITEM, occasion)
                .map(scope -> MarkupDamage.corruptItem(document, scope.value()))
                .orElse(document);
        return faults.inject(SimulatorFault.CONTROL_CHARACTERS, occasion)
                .map(scope ->
                        MarkupDamage.controlCharacters(corrupt, scope.value().orElse("&#x1F;")))
                .orElse(corrupt);
    }

    /// Returns whether a kept connection breaks under its next request, which then reaches no service.
    boolean breaksKeptConnection() {
        return faults.strikes(SimulatorFault.CLOSE_ON_USE, FaultOccasion.UNKNOWN);
    }

    /// Returns the time after which the connection of a request is closed if nothing else comes.
    Optional<Duration> idleLimit() {
        return faults.inject(SimulatorFault.CLOSE_IDLE, FaultOccasion.UNKNOWN).map(scope -> duration(scope, IDLE));
    }

    private static Duration duration(FaultScope scope, Duration otherwise) {
        return scope.value().map(FaultValues::duration).orElse(otherwise);
    }
}
