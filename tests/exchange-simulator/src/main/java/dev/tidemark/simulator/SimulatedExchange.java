package dev.tidemark.simulator;

import dev.tidemark.simulator.callback.InFlightCallbacks;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.RolledBack;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.record.RecordingFolder;
import dev.tidemark.simulator.schedule.OffsetClock;
import dev.tidemark.simulator.schedule.RealTimeScheduler;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import dev.tidemark.simulator.throttle.ConnectionQuota;
import dev.tidemark.simulator.tls.SimulatorCertificate;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Simulated Exchange on loopback. It serves the operations on subscriptions, folders, items and addresses under
/// `/EWS/Exchange.asmx`, and autodiscover. It sends callbacks, injects faults on request and keeps a ledger. Other
/// processes use the
/// control paths under `/simulator`, which [SimulatorControlApi] describes. Thread-safe.
public final class SimulatedExchange implements AutoCloseable {
    private static final Duration ACKNOWLEDGED = Duration.ofSeconds(10);
    /// Limit for callbacks in flight while the clock is moved; longer than their own timeout.
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private static final Logger log = LoggerFactory.getLogger(SimulatedExchange.class);

    private final SimulatorScheduler scheduler;
    private final InFlightCallbacks inFlight;
    private final CallbackLog callbacks;
    private final FaultPlan faults;
    private final SimulatorLedger ledger;
    private final PushSenderRegistry senders;
    private final SimulatedOrganization organization;
    private final SimulatedAutodiscover autodiscovery;
    private final ExchangeServices services;
    private final WireMockHost host;

    private SimulatedExchange(SimulatorConfig config, SimulatorScheduler scheduler) {
        this.scheduler = scheduler;
        services = new ExchangeServices(config, scheduler);
        inFlight = services.inFlight;
        callbacks = services.callbacks;
        faults = services.faults;
        ledger = services.ledger;
        senders = services.senders;
        organization = services.organization;
        autodiscovery = services.autodiscovery;
        var life =
                new ConnectionLife(new RequestFaults(faults), new OffsetClock(scheduler.clock(), faults::dateOffset));
        var router = new ExchangeRouter(
                services.ews,
                autodiscovery,
                new SimulatorControlApi(this),
                new ConnectionQuota(config.limits().concurrency()),
                config.access().bodies());
        host = new WireMockHost(config, router, life);
    }

    /// Starts a simulator in real time. Throws [SimulatorException] if the port is in use.
    public static SimulatedExchange start(SimulatorConfig config, Clock clock) {
        return start(config, new RealTimeScheduler(clock));
    }

    /// Starts a simulator on the given scheduler, which is closed with it.
    public static SimulatedExchange start(SimulatorConfig config, SimulatorScheduler scheduler) {
        var exchange = new SimulatedExchange(config, scheduler);
        exchange.host.start();
        exchange.autodiscovery.isAt(exchange.url());
        log.info("Simulated Exchange at {}", exchange.url());
        return exchange;
    }

    public int port() {
        return host.port();
    }

    /// Returns the URL of Exchange Web Services.
    public URI url() {
        return URI.create(base() + ExchangeRouter.EWS);
    }

    /// Returns the URL of the SOAP autodiscover service.
    public URI autodiscoverUrl() {
        return URI.create(base() + ExchangeRouter.AUTODISCOVER);
    }

    /// Returns the certificate that clients must trust, if the server speaks TLS.
    public Optional<SimulatorCertificate> certificate() {
        return host.certificate();
    }

    private String base() {
        return (certificate().isPresent() ? "https" : "http") + "://127.0.0.1:" + port();
    }

    /// Returns the autodiscover service.
    public SimulatedAutodiscover autodiscovery() {
        return autodiscovery;
    }

    /// Adds a distribution group: the directory lists it, but it has no mailbox.
    public void addDistributionGroup(MailboxAddress address) {
        organization.directory().list(address, "PublicDL");
    }

    /// Adds a distribution group with members, which ExpandDL returns.
    public void addDistributionGroup(MailboxAddress address, List<MailboxAddress> members) {
        addDistributionGroup(address);
        organization.directory().expandTo(address, members);
    }

    /// Adds a mailbox, or returns the existing one with this address.
    public SimulatedMailbox addMailbox(MailboxAddress address) {
        return organization.add(address);
    }

    public SimulatedMailbox addMailbox(String address) {
        return addMailbox(new MailboxAddress(address));
    }

    /// Returns the addresses of the mailboxes in the order of their creation.
    public List<MailboxAddress> mailboxes() {
        return organization.inOrder();
    }

    /// Returns a mailbox. Throws [SimulatorException] if there is none.
    public SimulatedMailbox mailbox(MailboxAddress address) {
        return organization
                .find(address)
                .orElseThrow(() -> new SimulatorException("There is no mailbox " + address + "; add it first."));
    }

    public SimulatedMailbox mailbox(String address) {
        return mailbox(new MailboxAddress(address));
    }

    /// Removes a mailbox: requests get ErrorNonExistentMailbox, and its subscriptions end.
    public void removeMailbox(MailboxAddress address) {
        organization.remove(address);
        forgetSubscriptions(address);
    }

    /// Denies impersonation of this mailbox (ErrorImpersonateUserDenied), or allows it again.
    public void denyImpersonation(MailboxAddress address, boolean denied) {
        if (denied) {
            organization.denied().add(address);
        } else {
            organization.denied().remove(address);
        }
    }

    public FaultPlan faults() {
        return faults;
    }

    public SimulatorLedger ledger() {
        return ledger;
    }

    /// Returns the newest requests, at most ten thousand, oldest first. Excludes requests without a mailbox and
    /// those that HTTP refused.
    public List<LoggedRequest> requests() {
        return services.requests.newest();
    }

    /// Delivers a mail to the first mailbox.
    public ItemId deliver(SimulatedMail mail) {
        return firstMailbox().deliver(mail);
    }

    /// Subscribes a listener to the inbox of the first mailbox, with a StatusFrequency of 30 minutes: new, created,
    /// deleted, modified and moved items.
    public SubscriptionId subscribe(URI listener) {
        var mailbox = firstMailbox();
        services.subscriber.subscribe(mailbox, listener);
        return senders.newest(mailbox.address()).subscription().id();
    }

    private SimulatedMailbox firstMailbox() {
        return mailbox(organization.inOrder().stream()
                .findFirst()
                .orElseThrow(() -> new SimulatorException("There is no mailbox; add one first.")));
    }

    /// Returns the active push subscriptions of all mailboxes.
    public List<SubscriptionId> subscriptions() {
        return pushSubscriptions().stream().map(PushSubscription::id).toList();
    }

    /// Orders a fault by its name on control paths, with the parameters `times` or `rate`, `mailbox`, `operation`,
    /// `value` and `delay`.
    public void order(String fault, Map<String, String> parameters) {
        new ControlFaultApi(this).order(fault, parameters);
    }

    /// Answers the next requests with the responses of a recording, in its order for each operation and mailbox.
    /// Adds the mailboxes that the recording impersonates; its other calls are for the first mailbox.
    public void replay(Path recording) {
        for (var call : RecordingFolder.read(recording)) {
            var mailbox = call.mailbox().map(this::addMailbox).orElseGet(this::firstMailbox);
            var headers =
                    call.retryAfter().map(wait -> Map.of("Retry-After", wait)).orElse(Map.of());
            var body = Optional.of(call.response()).filter(text -> !text.isEmpty());
            var response = new ScriptedError.Http(call.status(), headers, body);
            faults.respondWith(call.operation(), mailbox.address(), response);
        }
    }

    /// Runs a task once the clock of the schedule shows a time.
    public void at(Instant due, Runnable task) {
        scheduler.at(due, () -> inFlight.execute(task));
    }

    /// Lets a fault strike at its next occasion.
    public void inject(SimulatorFault fault) {
        faults.next(fault, 1);
    }

    /// Waits ten seconds until a listener has answered OK to a notification with this item.
    public void awaitAcknowledged(ItemId item) {
        awaitAcknowledged(item, ACKNOWLEDGED);
    }

    /// Waits until a listener has answered OK to a notification with this item. Throws [SimulatorException] at the
    /// limit, with the last attempts.
    public void awaitAcknowledged(ItemId item, Duration limit) {
        if (!ledger.awaitAcknowledged(item, limit)) {
            throw new SimulatorException("No listener acknowledged " + item.id() + " within " + limit.toMillis()
                    + " ms; push subscriptions: " + subscriptions().size() + "; callbacks that ended: "
                    + callbacks.summary());
        }
    }

    /// Moves the clock of the schedule forward. Waits until every callback that became due was attempted.
    public void advance(Duration interval) {
        scheduler.advance(interval, () -> inFlight.awaitIdle(SETTLE));
    }

    /// Returns the time of the schedule, which [#advance] moves.
    public Instant now() {
        return scheduler.clock().instant();
    }

    /// Empties all mailboxes, ends all subscriptions and faults, and clears all logs.
    public void reset() {
        services.reset();
    }

    /// Returns the active push subscriptions.
    List<PushSubscription> pushSubscriptions() {
        return senders.live().stream().map(PushSender::subscription).toList();
    }

    long requestCount() {
        return services.requests.count();
    }

    /// Returns the attempts to call listeners back.
    public CallbackLog callbacks() {
        return callbacks;
    }

    /// Returns the number of callbacks that got no response on a shared connection and were sent again on a new
    /// one. The log holds the second attempt only.
    public long repeatedCallbacks() {
        return services.transport.repeated();
    }

    /// Returns the highest number of concurrent requests so far. Streams do not count.
    public int maxConcurrentRequests() {
        return services.ews.maxConcurrentRequests();
    }

    /// Returns the active push subscriptions of a mailbox.
    public List<SubscriptionId> subscriptions(MailboxAddress address) {
        return senders.live(address).stream()
                .map(sender -> sender.subscription().id())
                .toList();
    }

    /// Returns the streaming subscriptions of a mailbox.
    public List<SubscriptionId> streamingSubscriptions(MailboxAddress address) {
        return services.streaming.of(address);
    }

    /// Forgets the streaming subscriptions: their streams get an error. Returns their number.
    public int forgetStreamingSubscriptions() {
        return services.streaming.forget();
    }

    /// Forgets every subscription without notice, as a restarted server does. Returns their number.
    public int forgetSubscriptions() {
        return forget(senders.live());
    }

    public int forgetSubscriptions(MailboxAddress address) {
        return forget(senders.live(address));
    }

    /// Returns the host names of the servers.
    public List<String> servers() {
        return organization.servers().stream().map(MailboxServer::host).toList();
    }

    /// Returns the host name of a mailbox's server, which its subscriptions name.
    public String serverOf(MailboxAddress address) {
        return organization.server(mailbox(address).address()).host();
    }

    /// Returns the security identifier of a mailbox, by which it can be impersonated.
    public String sidOf(MailboxAddress address) {
        return SimulatedSid.of(mailbox(address).address());
    }

    /// Restarts one server: it forgets its subscriptions without notice. Returns their number.
    public int restartServer(String host) {
        if (!servers().contains(host)) {
            throw new SimulatorException("There is no server " + host + "; use one of " + servers() + ".");
        }
        return forget(senders.live().stream()
                .filter(sender -> sender.subscription().server().host().equals(host))
                .toList());
    }

    /// Ends each subscription of a mailbox with an error callback.
    public void failSubscriptions(MailboxAddress address, String code) {
        senders.live(address).forEach(sender -> sender.fail(code, "The subscription has ended: " + code + "."));
    }

    /// Restores the database of a mailbox to its state at `moment`, by Exchange's clock. Its subscriptions end
    /// without notice, later items are gone, and the event counter goes back. The mailbox must be alone in its
    /// database.
    public void rollBackDatabase(MailboxAddress address, Instant moment, RolledBack manner) {
        forgetSubscriptions(address);
        mailbox(address).rollBack(moment, manner);
    }

    /// Moves a mailbox to another database: its subscriptions end without notice and all earlier watermarks
    /// become invalid. Items, ids and sync states stay.
    public void moveMailbox(MailboxAddress address) {
        mailbox(address).moveTo(organization.uuid());
        forgetSubscriptions(address);
    }

    @Override
    public void close() {
        forgetSubscriptions();
        scheduler.close();
        host.close();
        services.close();
    }

    private static int forget(List<PushSender> some) {
        some.forEach(PushSender::close);
        return some.size();
    }
}
