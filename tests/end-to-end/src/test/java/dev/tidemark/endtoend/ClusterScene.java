package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.awaitility.Awaitility;

/// Several nodes on one PostgreSQL behind a load balancer, with the simulated Exchange and a webhook.
final class ClusterScene implements AutoCloseable {
    private final List<String> addresses;
    private final SimulatedExchange exchange;
    private final MisbehavingWebhookReceiver webhook = new MisbehavingWebhookReceiver();
    private final ConnectionBalancer balancer = new ConnectionBalancer();
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    /// Node of the cluster, whether its process runs or not.
    private static final class Node {
        private final Path folder;
        private final DaemonConfig config;
        private final Optional<DatabaseLink> link;
        private final AdminScript admin;
        private final List<DaemonProcess> processes = new ArrayList<>();

        Node(Path folder, DaemonConfig config, Optional<DatabaseLink> link) {
            this.folder = folder;
            this.config = config;
            this.link = link;
            this.admin = new AdminScript(config.admin(), folder.resolve("admin-token"));
        }

        DaemonProcess process() {
            return processes.getLast();
        }
    }

    /// Speed of a scene. Many mailboxes on a busy machine need a lower one.
    ///
    /// @param speed factor on the clock of Exchange
    /// @param silence time without a callback after which a mailbox is subscribed again
    /// @param rate subscriptions per second
    /// @param concurrency requests in flight
    record ScenePace(double speed, String silence, int rate, int concurrency) {
        static final ScenePace FAST = new ScenePace(100, "6s", 20, 8);
    }

    /// Settings of a scene.
    ///
    /// @param store URL of the store
    /// @param lease length of a lease
    /// @param partitions number of partitions of the mailboxes
    /// @param isLinked true if each node reaches the database by a [DatabaseLink]
    record ClusterPlan(
            List<String> nodes,
            List<String> addresses,
            String store,
            String lease,
            int partitions,
            ScenePace pace,
            boolean isLinked) {
        /// Returns a plan with the shortest lease, on the server that all tests share.
        static ClusterPlan of(List<String> nodes, List<String> addresses) {
            return new ClusterPlan(nodes, addresses, PostgresTestServer.newStore(), "2s", 1, ScenePace.FAST, false);
        }

        ClusterPlan withStore(String url) {
            return new ClusterPlan(nodes, addresses, url, lease, partitions, pace, isLinked);
        }

        ClusterPlan withLease(String length) {
            return new ClusterPlan(nodes, addresses, store, length, partitions, pace, isLinked);
        }

        ClusterPlan withPartitions(int number) {
            return new ClusterPlan(nodes, addresses, store, lease, number, pace, isLinked);
        }

        ClusterPlan withPace(ScenePace slower) {
            return new ClusterPlan(nodes, addresses, store, lease, partitions, slower, isLinked);
        }

        /// Returns a plan whose nodes reach the database by links, which the test can disturb.
        ClusterPlan withLinks() {
            return new ClusterPlan(nodes, addresses, store, lease, partitions, pace, true);
        }
    }

    ClusterScene(Path folder, ClusterPlan plan) {
        this.addresses = plan.addresses();
        exchange = SimulatedExchange.start(
                SimulatorConfig.defaults().withSpeed(plan.pace().speed()), Clock.systemUTC());
        addresses.forEach(exchange::addMailbox);
        plan.nodes().forEach(name -> nodes.put(name, node(folder.resolve(name), name, plan)));
    }

    private Node node(Path folder, String name, ClusterPlan plan) {
        var link = plan.isLinked() ? Optional.of(new DatabaseLink(plan.store())) : Optional.<DatabaseLink>empty();
        var config = new DaemonConfig(exchange.url(), addresses, webhook)
                .with("listener", "public-url", balancer.url().toString())
                .with("listener", "trusted-proxies", "[ 127.0.0.0/8 ]")
                .with("store", "url", link.map(DatabaseLink::url).orElse(plan.store()))
                .with("compensator", "silence-after", plan.pace().silence())
                .with("compensator", "first-callback", plan.pace().silence())
                .with("compensator", "rate", "" + plan.pace().rate())
                .with(
                        "connection",
                        "limits",
                        "{ requests-per-second: " + plan.pace().rate() + ", concurrency: "
                                + plan.pace().concurrency() + " }")
                .with("cluster", "enabled", "true")
                .with("cluster", "node", name)
                .with("cluster", "lease", plan.lease());
        // earlier versions do not know the key
        if (plan.partitions() > 1) {
            config.with("cluster", "sink-partitions", "" + plan.partitions());
        }
        try {
            return new Node(Files.createDirectories(folder), config, link);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts a node and waits until it is ready.
    void start(String name) {
        start(name, DaemonProcess::launch);
    }

    /// Starts a node of another distribution.
    void startOf(Path home, String name) {
        start(name, config -> DaemonProcess.launchOf(home, config));
    }

    private void start(String name, Function<Path, DaemonProcess> launcher) {
        launch(name, launcher);
        awaitStarted(name);
    }

    private void launch(String name, Function<Path, DaemonProcess> launcher) {
        var node = nodes.get(name);
        node.processes.add(launcher.apply(node.config.write(node.folder)));
    }

    private void awaitStarted(String name) {
        nodes.get(name).process().awaitReady();
        balancer.add(nodes.get(name).config.listenerPort());
    }

    void startAll() {
        nodes.keySet().forEach(this::start);
    }

    /// Starts all nodes at once, and waits until all are ready.
    void startTogether() {
        nodes.keySet().forEach(name -> launch(name, DaemonProcess::launch));
        nodes.keySet().forEach(this::awaitStarted);
    }

    /// Sends SIGKILL; returns the `System.nanoTime` before it.
    long kill(String name) {
        var moment = nodes.get(name).process().kill();
        balancer.remove(nodes.get(name).config.listenerPort());
        return moment;
    }

    /// Stops a node by SIGTERM.
    void stop(String name) {
        balancer.remove(nodes.get(name).config.listenerPort());
        assertThat(nodes.get(name).process().terminate()).isZero();
    }

    /// Stops a node by SIGSTOP.
    void suspend(String name) {
        balancer.remove(nodes.get(name).config.listenerPort());
        nodes.get(name).process().suspend();
    }

    void proceed(String name) {
        nodes.get(name).process().proceed();
        balancer.add(nodes.get(name).config.listenerPort());
    }

    /// Returns the network between a node and the database.
    DatabaseLink link(String name) {
        return nodes.get(name).link.orElseThrow();
    }

    /// Delays each packet between all nodes and the database.
    void delayDatabase(Duration time) {
        nodes.keySet().forEach(name -> link(name).delay(time));
    }

    /// Waits until a node has logged that it refuses callbacks because of its store.
    void awaitRefusing(String name) {
        EndToEndScene.await("refused callbacks of " + name)
                .until(() -> output(name).contains("responding 503 until the store recovers"));
    }

    /// Returns the readiness of a node with its reasons.
    String health(String name) {
        return nodes.get(name).admin.request("/health/ready").body();
    }

    /// Returns the number of mails that Exchange has a response of success for.
    int acknowledged() {
        return exchange.ledger().acknowledgedCount();
    }

    /// Waits until Exchange has this number of further mails.
    void awaitMoreMails(int more) {
        var goal = exchange.ledger().deliveredCount() + more;
        EndToEndScene.await("mails").until(() -> exchange.ledger().deliveredCount() >= goal);
    }

    /// Waits until every node is ready, without a restart.
    void awaitReady() {
        nodes.values().forEach(node -> EndToEndScene.await("readiness").until(() -> node.admin.readiness() == 200));
    }

    /// Waits until a node ends without a signal; returns its exit code.
    int awaitEnd(String name) {
        return nodes.get(name).process().exitCode();
    }

    /// Returns the output of a node's newest process.
    String output(String name) {
        return nodes.get(name).process().output();
    }

    /// Waits until another node names this one as gone, and as a problem.
    void awaitGone(String name, String viaNode) {
        EndToEndScene.await(name + " as a problem")
                .untilAsserted(() -> assertThat(
                                nodes.get(viaNode).admin.get("/api/v1/status").path("problems"))
                        .anySatisfy(problem -> {
                            assertThat(problem.path("area").asString()).isEqualTo("nodes");
                            assertThat(problem.path("subject").asString()).isEqualTo(name);
                            assertThat(problem.path("state").asString()).isEqualTo("gone");
                        }));
    }

    void awaitSubscribed(String viaNode) {
        EndToEndScene.await("subscriptions")
                .untilAsserted(() -> assertThat(addresses)
                        .allMatch(address ->
                                nodes.get(viaNode).admin.state(address).equals("active")));
    }

    /// Waits until this number of mailboxes is active.
    void awaitActive(int count, String viaNode) {
        Awaitility.await("active mailboxes")
                .forever()
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> nodes.get(viaNode)
                                .admin
                                .get("/api/v1/status")
                                .at("/mailboxes/active")
                                .asInt(0)
                        == count);
    }

    /// Returns the newest process of a node.
    DaemonProcess process(String name) {
        return nodes.get(name).process();
    }

    /// Returns the value of a series of a node.
    double metric(String name, String series) {
        return nodes.get(name).admin.metric(series);
    }

    /// Returns the limit of the histogram's first bucket that holds at least this share of the values.
    double quantile(String name, String histogram, double share) {
        return nodes.get(name).admin.quantile(histogram, share);
    }

    /// Returns the processor time of the newest process of each node together.
    Duration processorTime() {
        return nodes.values().stream()
                .map(node -> node.process().processorTime())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// Waits until the lease of the sink, as another node sees it, is on a node that is not `former`.
    void awaitTakeover(String former, String viaNode) {
        EndToEndScene.await("another node for the sink")
                .until(() -> !holder(viaNode).isEmpty() && !holder(viaNode).equals(former));
    }

    /// Waits until a node holds no lease, as another node sees it.
    void awaitWithoutLeases(String name, String viaNode) {
        EndToEndScene.await("end of the leases of " + name)
                .until(() -> nodes.get(viaNode)
                        .admin
                        .get("/api/v1/nodes")
                        .path("items")
                        .valueStream()
                        .filter(node -> node.path("name").asString().equals(name))
                        .allMatch(node -> node.path("leases").isEmpty()));
    }

    void awaitDeliveringNodes(String viaNode, int number) {
        EndToEndScene.await("nodes that share the sink").until(() -> deliveringNodes(viaNode) == number);
    }

    /// Returns the number of nodes that deliver to the sink.
    private long deliveringNodes(String viaNode) {
        var count = 0;
        for (var node : nodes.get(viaNode).admin.get("/api/v1/nodes").path("items")) {
            for (var lease : node.path("leases")) {
                if (lease.asString().startsWith("sink:hook")) {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    /// Returns the node that delivers to the sink, or to the first part of the mailboxes; empty if none does.
    String holder(String viaNode) {
        for (var node : nodes.get(viaNode).admin.get("/api/v1/nodes").path("items")) {
            for (var lease : node.path("leases")) {
                if (lease.asString().matches("sink:hook(#0/.*)?")) {
                    return node.path("name").asString();
                }
            }
        }
        return "";
    }

    /// Sends a command for the sink to a node, such as `disable`.
    void order(String viaNode, String command) {
        assertThat(nodes.get(viaNode).admin.post("/api/v1/sinks/hook/" + command))
                .isEqualTo(202);
    }

    /// Waits until the sink is disabled and this number of events waits for it.
    void awaitBacklog(String viaNode, int events) {
        EndToEndScene.await("waiting events")
                .until(() -> nodes.get(viaNode)
                                .admin
                                .get("/api/v1/sinks/hook")
                                .path("backlog")
                                .asLong()
                        >= events);
    }

    /// Waits until the webhook has received this number of further events.
    void awaitMoreReceived(int more) {
        var goal = webhook.receivedCount() + more;
        EndToEndScene.await("further events").until(() -> webhook.receivedCount() >= goal);
    }

    SteadyMailLoad load(int mailsPerSecond) {
        return SteadyMailLoad.on(exchange, webhook, addresses, mailsPerSecond);
    }

    /// Waits until the webhook has every mail.
    void awaitAllReceived() {
        var items = exchange.ledger().delivered().stream()
                .map(delivered -> delivered.item().id())
                .toList();
        EndToEndScene.await("every mail at the webhook").untilAsserted(() -> webhook.assertReceivedAll(items));
    }

    MisbehavingWebhookReceiver webhook() {
        return webhook;
    }

    /// Asserts that no acknowledged mail is lost, no mail has two events, and each mailbox's events came in order.
    void assertInOrder() {
        var story = webhook.story();
        story.assertTellsAll(DeliveryHistory.RECEIVED, exchange.ledger().acknowledgedItems());
        story.assertNoneDoubled(DeliveryHistory.RECEIVED);
        story.assertContiguousAndInOrder();
        assertThat(webhook.complaints()).isEmpty();
        assertThat(nodes.values().stream().flatMap(node -> node.processes.stream()))
                .allSatisfy(process -> assertThat(process.stackTraces()).isEmpty());
    }

    @Override
    public void close() {
        nodes.values().forEach(node -> {
            node.processes.forEach(DaemonProcess::close);
            node.admin.close();
            node.link.ifPresent(DatabaseLink::close);
        });
        balancer.close();
        exchange.close();
        webhook.close();
    }
}
