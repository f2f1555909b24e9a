package dev.tidemark.simulator;

import dev.tidemark.simulator.callback.HttpCallbackTransport;
import dev.tidemark.simulator.callback.InFlightCallbacks;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.RetentionLimits;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.schedule.OffsetClock;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import dev.tidemark.simulator.throttle.BackOffWatch;

/// Services of a simulated Exchange behind its front door, wired to each other.
final class ExchangeServices implements AutoCloseable {
    final InFlightCallbacks inFlight = new InFlightCallbacks();
    final CallbackLog callbacks;
    final FaultPlan faults;
    final SimulatorLedger ledger;
    final PushSenderRegistry senders = new PushSenderRegistry();
    final RequestLog requests;
    final SimulatedOrganization organization;
    final SimulatedAutodiscover autodiscovery;
    final StreamingService streaming;
    final SubscribeHandler subscriber;
    final PullService pull;
    final EwsEndpoint ews;
    final HttpCallbackTransport transport;
    private final BackOffWatch backOffs;

    ExchangeServices(SimulatorConfig config, SimulatorScheduler scheduler) {
        transport =
                new HttpCallbackTransport(config.push().timeout(), config.push().perConnection());
        callbacks = new CallbackLog(config.access().bodies());
        faults = new FaultPlan(config.seed());
        var retention =
                new RetentionLimits(config.limits().history(), config.limits().kept());
        ledger = new SimulatorLedger(scheduler.clock(), retention);
        requests = new RequestLog(scheduler.clock(), config.access().requests());
        var clock = new OffsetClock(scheduler.clock(), faults::clockOffset);
        organization = new SimulatedOrganization(
                config.seed(),
                MailboxServer.several(config.servers()),
                new SimulatedMailbox.Dependencies(clock, ledger, retention, senders::wake));
        autodiscovery = new SimulatedAutodiscover(address ->
                config.access().anyMailbox() || organization.find(address).isPresent());
        var timing = new PushDependencies.PushTiming(
                config.speed(), config.push().batch(), config.push().retries());
        var push = new PushDependencies(scheduler, inFlight, transport, faults, ledger, callbacks, timing);
        streaming = new StreamingService(organization, scheduler, timing, new RequestFaults(faults), config.limits());
        subscriber = new SubscribeHandler(organization, senders, push);
        pull = new PullService(organization, scheduler, timing);
        var dispatcher = new OperationDispatcher(
                organization.directory(),
                faults,
                subscriber,
                streaming,
                pull,
                config.limits().subscriptions());
        backOffs = new BackOffWatch(scheduler.clock(), config.limits().growingBackOff());
        ews = new EwsEndpoint(config, organization, faults, dispatcher, streaming, requests, backOffs);
    }

    /// Empties all mailboxes, ends all subscriptions and faults, and clears all logs.
    void reset() {
        faults.clear();
        senders.live().forEach(PushSender::close);
        streaming.forget();
        pull.forget();
        organization.inOrder().forEach(address -> {
            organization.remove(address);
            organization.add(address);
        });
        ledger.clear();
        callbacks.clear();
        requests.clear();
        backOffs.clear();
    }

    @Override
    public void close() {
        inFlight.close();
        transport.close();
    }
}
