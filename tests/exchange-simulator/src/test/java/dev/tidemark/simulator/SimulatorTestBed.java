package dev.tidemark.simulator;

import dev.tidemark.simulator.callback.CallbackTransport;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.mailbox.RetentionLimits;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.simulator.schedule.OffsetClock;
import dev.tidemark.simulator.throttle.AccountLimits;
import dev.tidemark.simulator.throttle.BackOffWatch;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Simulated Exchange without HTTP, on a manual clock, with a scriptable receiver.
final class SimulatorTestBed {
    static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    record Sent(Duration at, URI url, String body) {}

    final ManualScheduler time = new ManualScheduler(START);
    final FaultPlan faults = new FaultPlan(7);
    final SimulatorLedger ledger;
    final PushSenderRegistry senders = new PushSenderRegistry();
    final List<Sent> sent = new ArrayList<>();
    final Deque<Optional<CallbackTransport.CallbackAnswer>> answers = new ArrayDeque<>();
    final SimulatedOrganization organization;
    final SimulatedMailbox ada;
    final OperationDispatcher dispatcher;
    final EwsEndpoint ews;

    SimulatorTestBed() {
        this(NotificationRetrySchedule.Reading.TOTAL);
    }

    SimulatorTestBed(NotificationRetrySchedule.Reading reading) {
        this(reading, AccountLimits.none());
    }

    SimulatorTestBed(NotificationRetrySchedule.Reading reading, AccountLimits limits) {
        var clock = new OffsetClock(time.clock(), faults::clockOffset);
        var retention = new RetentionLimits(limits.history(), limits.kept());
        ledger = new SimulatorLedger(time.clock(), retention);
        organization = new SimulatedOrganization(
                7, new SimulatedMailbox.Dependencies(clock, ledger, retention, senders::wake));
        ada = organization.add(new MailboxAddress("ada@example.com"));
        var timing = new PushDependencies.PushTiming(1, 3, reading);
        var push = new PushDependencies(
                time, Runnable::run, this::post, faults, ledger, new CallbackLog((callback, answer) -> {}), timing);
        var streaming = new StreamingService(organization, time, timing, new RequestFaults(faults), limits);
        dispatcher = new OperationDispatcher(
                organization.directory(),
                faults,
                new SubscribeHandler(organization, senders, push),
                streaming,
                new PullService(organization, time, timing),
                limits.subscriptions());
        ews = new EwsEndpoint(
                SimulatorConfig.defaults(),
                organization,
                faults,
                dispatcher,
                streaming,
                new RequestLog(time.clock()),
                new BackOffWatch(time.clock(), limits.growingBackOff()));
    }

    /// Subscribes ada's inbox with StatusFrequency 30 and returns the response.
    String subscribe(String watermark) {
        return request("ada@example.com", SimulatorRequests.subscribe(30, watermark));
    }

    /// Subscribes and starts the sender.
    String subscribed() {
        var answer = subscribe("");
        time.advance(Duration.ofMillis(50));
        return answer;
    }

    String request(String mailbox, String body) {
        return request(mailbox, "PrimarySmtpAddress", mailbox, body);
    }

    /// Returns a request that impersonates by this kind of name; adds the mailbox.
    String request(String mailbox, String kind, String name, String body) {
        var answer = ews.handle(
                Optional.empty(),
                SimulatorRequests.envelope(mailbox, body)
                        .replace("PrimarySmtpAddress>" + mailbox + "<", kind + ">" + name + "<")
                        .replace("/t:PrimarySmtpAddress", "/t:" + kind));
        return answer instanceof SimulatorResponse.Reply reply ? reply.body() : answer.toString();
    }

    void noAnswer(int times) {
        for (var i = 0; i < times; i++) {
            answers.add(Optional.empty());
        }
    }

    List<String> bodies() {
        return sent.stream().map(Sent::body).toList();
    }

    private Optional<CallbackTransport.CallbackAnswer> post(URI url, String body) {
        sent.add(new Sent(Duration.between(START, time.clock().instant()), url, body));
        return answers.isEmpty() ? Optional.of(CallbackTransport.CallbackAnswer.OK) : answers.remove();
    }
}
