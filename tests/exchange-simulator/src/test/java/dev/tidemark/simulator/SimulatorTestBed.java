package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.simulator.schedule.OffsetClock;
import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A simulated Exchange without HTTP, on a manual clock, with a receiver that answers as told.
final class SimulatorTestBed {
    static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    record Sent(Duration at, URI url, String body) {}

    final ManualScheduler time = new ManualScheduler(START);
    final FaultPlan faults = new FaultPlan(7);
    final SimulatorLedger ledger = new SimulatorLedger(time.clock());
    final PushSenderRegistry lanes = new PushSenderRegistry();
    final List<Sent> sent = new ArrayList<>();
    final Deque<Optional<SubscriptionStatus>> answers = new ArrayDeque<>();
    final SimulatedOrganization world = new SimulatedOrganization(
            7,
            new SimulatedMailbox.Dependencies(new OffsetClock(time.clock(), faults::clockOffset), ledger, lanes::ring));
    final SimulatedMailbox ada = world.add(new MailboxAddress("ada@example.com"));
    final EwsEndpoint ews;

    SimulatorTestBed() {
        var tempo = new PushSender.PushTiming(1, 3);
        var push = new PushSender.Dependencies(time, Runnable::run, this::post, faults, ledger, tempo);
        ews = new EwsEndpoint(
                SimulatorConfig.defaults(),
                world,
                faults,
                new SubscribeHandler(world, lanes, push),
                new StreamingService(world, time, tempo, new RequestFaults(faults)),
                new RequestLog(time.clock()));
    }

    /// Subscribes ada's inbox with StatusFrequency 30 and gives the answer.
    String subscribe(String watermark) {
        return request("ada@example.com", SimulatorRequests.subscribe(30, watermark));
    }

    /// Subscribes, and lets the lane begin.
    String subscribed() {
        var answer = subscribe("");
        time.advance(Duration.ofMillis(50));
        return answer;
    }

    String request(String mailbox, String body) {
        return request(mailbox, "PrimarySmtpAddress", mailbox, body);
    }

    /// Impersonates by this kind of name; the mailbox is there from then on.
    String request(String mailbox, String kind, String name, String body) {
        var answer = ews.answer(
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

    private Optional<SubscriptionStatus> post(URI url, String body) {
        sent.add(new Sent(Duration.between(START, time.clock().instant()), url, body));
        return answers.isEmpty() ? Optional.of(SubscriptionStatus.OK) : answers.remove();
    }
}
