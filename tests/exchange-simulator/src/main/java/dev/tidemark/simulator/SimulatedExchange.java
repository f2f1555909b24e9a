package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.RolledBack;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.schedule.OffsetClock;
import dev.tidemark.simulator.schedule.RealTimeScheduler;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A simulated Exchange on loopback: it answers Subscribe, Unsubscribe, GetStreamingEvents, SyncFolderItems,
/// SyncFolderHierarchy, GetItem, GetFolder, FindFolder and ResolveNames under `/EWS/Exchange.asmx` and
/// autodiscover beside it, calls back, fails on request, and keeps a ledger. What its control paths under
/// `/simulator` offer to other processes stands in [SimulatorControlApi].
public final class SimulatedExchange implements AutoCloseable {
    private static final String AUTODISCOVER = "/autodiscover/autodiscover.svc";

    private static final Logger log = LoggerFactory.getLogger(SimulatedExchange.class);

    private final SimulatorScheduler timetable;
    private final ExecutorService pushes;
    private final CallbackTransport transport;
    private final FaultPlan faults;
    private final SimulatorLedger ledger;
    private final PushSenderRegistry lanes = new PushSenderRegistry();
    private final RequestLog requests;
    private final SimulatedOrganization world;
    private final SimulatedAutodiscover autodiscovery;
    private final StreamingService streaming;
    private final EwsEndpoint ews;
    private final WireMockHost host;

    private SimulatedExchange(SimulatorConfig config, SimulatorScheduler timetable) {
        this.timetable = timetable;
        pushes = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
                .name("simulator-push-", 0)
                .uncaughtExceptionHandler((thread, e) -> log.error("a lane failed and stands still", e))
                .factory());
        transport = new HttpCallbackTransport(config.push());
        faults = new FaultPlan(config.seed());
        ledger = new SimulatorLedger(timetable.clock());
        requests = new RequestLog(timetable.clock());
        var clock = new OffsetClock(timetable.clock(), faults::clockOffset);
        var requestFaults = new RequestFaults(faults);
        world = new SimulatedOrganization(
                config.seed(),
                MailboxServer.several(config.servers()),
                new SimulatedMailbox.Dependencies(clock, ledger, lanes::ring));
        autodiscovery = new SimulatedAutodiscover(address -> world.find(address).isPresent());
        var tempo = new PushSender.PushTiming(config.speed(), config.push().batch());
        var push = new PushSender.Dependencies(timetable, pushes, transport, faults, ledger, tempo);
        streaming = new StreamingService(world, timetable, tempo, requestFaults);
        ews = new EwsEndpoint(config, world, faults, new SubscribeHandler(world, lanes, push), streaming, requests);
        var control = new SimulatorControlApi(this);
        host = new WireMockHost(
                config.port(),
                request -> request.target().startsWith("/simulator/") ? control.answer(request) : door(request),
                new ConnectionLife(requestFaults, new OffsetClock(timetable.clock(), faults::dateOffset)));
    }

    /// Starts one whose time passes by itself. Throws [SimulatorException] when the port is taken.
    public static SimulatedExchange start(SimulatorConfig config, Clock clock) {
        return start(config, new RealTimeScheduler(clock));
    }

    /// Starts one on the given time, which is closed with it.
    public static SimulatedExchange start(SimulatorConfig config, SimulatorScheduler timetable) {
        var exchange = new SimulatedExchange(config, timetable);
        exchange.host.start();
        exchange.autodiscovery.isAt(exchange.url());
        log.info("simulated Exchange at {}", exchange.url());
        return exchange;
    }

    public int port() {
        return host.port();
    }

    /// The address of Exchange Web Services.
    public URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/EWS/Exchange.asmx");
    }

    /// The address of the SOAP autodiscover service.
    public URI autodiscoverUrl() {
        return URI.create("http://127.0.0.1:" + port() + AUTODISCOVER);
    }

    /// What the autodiscover service says.
    public SimulatedAutodiscover autodiscovery() {
        return autodiscovery;
    }

    /// Lists a distribution group: the directory knows it, and a mailbox it has none.
    public void addDistributionGroup(MailboxAddress address) {
        world.directory().list(address, "PublicDL");
    }

    /// Adds a mailbox, or gives the one that has this address already.
    public SimulatedMailbox addMailbox(MailboxAddress address) {
        return world.add(address);
    }

    public SimulatedMailbox addMailbox(String address) {
        return addMailbox(new MailboxAddress(address));
    }

    /// Throws [SimulatorException] when there is none.
    public SimulatedMailbox mailbox(MailboxAddress address) {
        return world.find(address)
                .orElseThrow(() -> new SimulatorException("There is no mailbox " + address + "; add it first."));
    }

    public SimulatedMailbox mailbox(String address) {
        return mailbox(new MailboxAddress(address));
    }

    /// Takes a mailbox away: requests get ErrorNonExistentMailbox, and its subscriptions end.
    public void removeMailbox(MailboxAddress address) {
        world.remove(address);
        forgetSubscriptions(address);
    }

    /// Refuses to let anyone act for this mailbox (ErrorImpersonateUserDenied), or allows it again.
    public void denyImpersonation(MailboxAddress address, boolean denied) {
        if (denied) {
            world.denied().add(address);
        } else {
            world.denied().remove(address);
        }
    }

    public FaultPlan faults() {
        return faults;
    }

    public SimulatorLedger ledger() {
        return ledger;
    }

    /// The newest requests that came, at most ten thousand, oldest first. Those that name nobody, or that
    /// HTTP already refused, are not among them.
    public List<LoggedRequest> requests() {
        return requests.newest();
    }

    /// How many requests were under way at the same time at most. Streams do not count.
    public int mostAtOnce() {
        return ews.mostAtOnce();
    }

    /// The subscriptions that live, of a mailbox.
    public List<SubscriptionId> subscriptions(MailboxAddress address) {
        return lanes.live(address).stream()
                .map(lane -> lane.subscription().id())
                .toList();
    }

    /// The streaming subscriptions of a mailbox.
    public List<SubscriptionId> streamingSubscriptions(MailboxAddress address) {
        return streaming.of(address);
    }

    /// Forgets the streaming subscriptions: who streams them is told that they are not there. Returns how
    /// many there were.
    public int forgetStreamingSubscriptions() {
        return streaming.forget();
    }

    /// Forgets every subscription without a word, as a restarted server does. Returns how many there were.
    public int forgetSubscriptions() {
        return forget(lanes.live());
    }

    public int forgetSubscriptions(MailboxAddress address) {
        return forget(lanes.live(address));
    }

    /// The host names of the servers.
    public List<String> servers() {
        return world.servers().stream().map(MailboxServer::host).toList();
    }

    /// The host name of the server that holds a mailbox, and is named in its subscriptions.
    public String serverOf(MailboxAddress address) {
        return world.server(mailbox(address).address()).host();
    }

    /// Restarts one server: the subscriptions that it holds are forgotten without a word. Returns how many
    /// there were.
    public int restartServer(String host) {
        if (!servers().contains(host)) {
            throw new SimulatorException("There is no server " + host + "; take one of " + servers() + ".");
        }
        return forget(lanes.live().stream()
                .filter(lane -> lane.subscription().server().host().equals(host))
                .toList());
    }

    /// Ends a mailbox's subscriptions with an error call-back each.
    public void failSubscriptions(MailboxAddress address, String code) {
        lanes.live(address).forEach(lane -> lane.fail(code, "The subscription has ended: " + code + "."));
    }

    /// Restores the database of a mailbox to its state at `moment`, by Exchange's clock. Its subscriptions end
    /// without notice, later items are gone, and the event counter goes back. For a mailbox that is alone in its
    /// database.
    public void rollBackDatabase(MailboxAddress address, Instant moment, RolledBack manner) {
        forgetSubscriptions(address);
        mailbox(address).rollBack(moment, manner);
    }

    /// Moves a mailbox to another database: its subscriptions end without a word, and no watermark from
    /// before is good any more. Items, ids and sync states stay.
    public void moveMailbox(MailboxAddress address) {
        mailbox(address).moveTo(world.uuid());
        forgetSubscriptions(address);
    }

    @Override
    public void close() {
        forgetSubscriptions();
        timetable.close();
        host.close();
        pushes.shutdownNow();
        transport.close();
    }

    private SimulatorResponse door(SimulatorRequest request) {
        var path = URI.create(request.target()).getPath();
        return path.equalsIgnoreCase(AUTODISCOVER) ? discovered(request) : ews(request);
    }

    private SimulatorResponse discovered(SimulatorRequest request) {
        if (!ews.welcome(request.authorization())) {
            return new SimulatorResponse.Unauthorized();
        }
        return autodiscovery.answer(request.body());
    }

    private SimulatorResponse ews(SimulatorRequest request) {
        var path = URI.create(request.target()).getPath();
        if (!path.equalsIgnoreCase("/EWS/Exchange.asmx")) {
            return SimulatorResponse.Reply.text(404, "The simulated Exchange answers at /EWS/Exchange.asmx.");
        }
        if (!request.method().equals("POST")) {
            return SimulatorResponse.Reply.text(405, "Exchange Web Services take POST.");
        }
        return ews.answer(request.authorization(), request.route(), request.body());
    }

    private static int forget(List<PushSender> some) {
        some.forEach(PushSender::close);
        return some.size();
    }
}
