package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// Complete system under test: the simulated Exchange, the daemon in a separate process, and a webhook.
final class EndToEndScene implements AutoCloseable {
    /// Speed factor of Exchange's intervals. A failed callback is retried after 0.3 s, 0.6 s and so on; a
    /// heartbeat of 30 minutes comes every 18 s.
    private static final double SPEED = 100;

    /// Time limit for thousands of deliveries on a busy machine.
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private final Path folder;
    private final List<String> addresses;
    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private boolean isTrafficDamaged;
    private final SimulatedExchange exchange;
    private final RecordingProxy tap;
    private final MisbehavingWebhookReceiver webhook = new MisbehavingWebhookReceiver();
    private final DaemonConfig config;
    private final AdminScript admin;
    private final List<DaemonProcess> daemons = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    private EndToEndScene(Path folder, SimulatorConfig settings, List<String> addresses) {
        this.folder = folder;
        this.addresses = List.copyOf(addresses);
        exchange = SimulatedExchange.start(settings.withBodies(traffic::add), Clock.systemUTC());
        addresses.forEach(exchange::addMailbox);
        tap = new RecordingProxy(exchange.url());
        config = new DaemonConfig(tap.url(), addresses, webhook);
        admin = new AdminScript(config.admin(), folder.resolve("admin-token"));
    }

    static EndToEndScene in(Path folder, String... addresses) {
        return in(folder, SimulatorConfig.defaults(), List.of(addresses));
    }

    /// Creates a scene with these settings of Exchange, except the speed.
    static EndToEndScene in(Path folder, SimulatorConfig settings, List<String> addresses) {
        return new EndToEndScene(folder, settings.withSpeed(SPEED), addresses);
    }

    /// Creates a scene with an Exchange that retries a callback for 90 seconds instead of nine before it drops
    /// the subscription. A busy machine may need that long to start a daemon.
    static EndToEndScene patient(Path folder, String... addresses) {
        return patient(folder, SimulatorConfig.defaults(), addresses);
    }

    /// Creates a patient scene whose Exchange sends several callbacks over one connection.
    static EndToEndScene patient(Path folder, int callbacksPerConnection, String... addresses) {
        var shared = SimulatorConfig.defaults().withCallbacksPerConnection(callbacksPerConnection);
        return patient(folder, shared, addresses);
    }

    private static EndToEndScene patient(Path folder, SimulatorConfig settings, String... addresses) {
        return new EndToEndScene(folder, settings.withSpeed(SPEED / 10), List.of(addresses));
    }

    static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(MAX_WAIT).pollInterval(Duration.ofMillis(50));
    }

    EndToEndScene with(String section, String key, String value) {
        config.with(section, key, value);
        return this;
    }

    /// Leaves out the comparison with the schema, because the test damages messages at random.
    EndToEndScene withDamagedTraffic() {
        isTrafficDamaged = true;
        return this;
    }

    /// Adds a further sink, or removes it if `yaml` is empty.
    EndToEndScene withSink(String name, String yaml) {
        config.withSink(name, yaml);
        return this;
    }

    /// Sets environment variables of the daemon.
    EndToEndScene withEnvironment(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /// Starts the daemon and waits until it is ready.
    DaemonProcess start() {
        var daemon = launch();
        daemon.awaitReady();
        return daemon;
    }

    /// Starts the daemon and returns immediately.
    DaemonProcess launch() {
        return known(DaemonProcess.launch(config.write(folder), environment));
    }

    /// Starts the daemon and waits until its callback port answers, which is before it is ready.
    DaemonProcess startUntilCallbacksAreTaken() {
        var daemon = known(DaemonProcess.launch(config.write(folder)));
        await("the callback port")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> LoopbackPorts.answers(config.listenerPort()));
        return daemon;
    }

    private DaemonProcess known(DaemonProcess daemon) {
        daemons.add(daemon);
        return daemon;
    }

    /// Starts the daemon and waits until every mailbox has a subscription.
    DaemonProcess startSubscribed() {
        var daemon = start();
        awaitSubscribed();
        return daemon;
    }

    void awaitSubscribed() {
        await("subscriptions").untilAsserted(() -> assertThat(addresses).allMatch(this::subscribed));
    }

    boolean subscribed(String address) {
        return admin.state(address).equals("active")
                && !exchange.subscriptions(new MailboxAddress(address)).isEmpty();
    }

    SimulatedMailbox mailbox(String address) {
        return exchange.mailbox(address);
    }

    SimulatedExchange exchange() {
        return exchange;
    }

    RecordingProxy tap() {
        return tap;
    }

    MisbehavingWebhookReceiver webhook() {
        return webhook;
    }

    DaemonConfig config() {
        return config;
    }

    AdminScript admin() {
        return admin;
    }

    /// Returns the options with which a command finds the daemon.
    List<String> adminOptions() {
        return List.of(
                "--admin",
                config.admin().toString(),
                "--token-file",
                folder.resolve("admin-token").toString());
    }

    List<String> addresses() {
        return addresses;
    }

    /// Waits until the webhook has every item that was delivered to a mailbox.
    void awaitAllReceived() {
        await("every mail at the webhook").untilAsserted(() -> webhook.assertReceivedAll(deliveredItems()));
    }

    /// Waits until Exchange has received an acknowledgement of this number of further items.
    void awaitMoreAcknowledged(int more) {
        var goal = exchange.ledger().acknowledgedCount() + more;
        await("acknowledgements")
                .pollInterval(Duration.ofMillis(5))
                .until(() -> exchange.ledger().acknowledgedCount() >= goal);
    }

    List<String> deliveredItems() {
        return exchange.ledger().delivered().stream()
                .map(delivered -> delivered.item().id())
                .toList();
    }

    /// Asserts the invariants of every test: valid signatures, complete sequence numbers, and no stack trace in
    /// the output.
    void assertInOrder() {
        assertThat(webhook.complaints()).isEmpty();
        webhook.story().assertContiguousAndInOrder();
        assertQuietConsoles();
    }

    /// Returns the output of all daemons so far.
    String daemonOutput() {
        return String.join("\n", daemons.stream().map(DaemonProcess::output).toList());
    }

    void assertQuietConsoles() {
        assertThat(daemons)
                .allSatisfy(daemon -> assertThat(daemon.stackTraces()).isEmpty());
    }

    @Override
    public void close() {
        daemons.forEach(DaemonProcess::close);
        exchange.close();
        tap.close();
        webhook.close();
        admin.close();
        if (!isTrafficDamaged) {
            traffic.check();
        }
    }
}
