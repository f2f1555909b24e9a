package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.ConnectionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Computes the ratios between Tidemark's rows and the others of the same run.
final class RatioCalculator {
    private static final double OF_FLOOR = 0.6;
    private static final double OF_CXF = 1;
    private static final double OF_EXCHANGELIB = 12;
    private static final double OF_FEWEST = 0.85;
    private static final double OF_BARE = 0.55;
    private static final double TIME_OF_BARE = 2.4;
    private static final double OF_OWN = 0.9;
    private static final double TIME_OF_OWN = 1.1;
    private static final double OF_NATIVE = 0.4;
    private static final double OF_POSTGRES = 0.5;
    private static final double NONE = 0;

    private final BenchmarkConfig plan;
    private final List<BenchmarkResult.Row> rows;
    private final List<BenchmarkReport.Ratio> found = new ArrayList<>();

    private RatioCalculator(BenchmarkConfig plan, List<BenchmarkResult.Row> rows) {
        this.plan = plan;
        this.rows = rows;
    }

    static List<BenchmarkReport.Ratio> of(BenchmarkConfig plan, List<BenchmarkResult.Row> rows) {
        var ratios = new RatioCalculator(plan, rows);
        plan.connections().forEach(ratios::addRivals);
        ratios.addPopulations();
        return List.copyOf(ratios.found);
    }

    private void addRivals(int connections) {
        var own = keptConnections(ComparedServer.TIDEMARK, plan.mailboxes(), connections);
        var bare = keptConnections(ComparedServer.BARE, plan.mailboxes(), connections);
        var daemon = keptConnections(ComparedServer.DAEMON, plan.mailboxes(), connections);
        add(own, keptConnections(ComparedServer.FLOOR, plan.mailboxes(), connections), "(b)/(e)", OF_FLOOR);
        add(own, keptConnections(ComparedServer.CXF, plan.mailboxes(), connections), "(b)/(c)", OF_CXF);
        add(own, keptConnections(ComparedServer.EXCHANGELIB, plan.mailboxes(), connections), "(b)/(d)", OF_EXCHANGELIB);
        add(own, bare, "(b)/(a)", OF_BARE);
        addTime(own, bare, "(b)/(a)", TIME_OF_BARE);
        add(daemon, own, "(f)/(b)", OF_OWN);
        addTime(daemon, own, "(f)/(b)", TIME_OF_OWN);
        add(daemon, keptConnections(ComparedServer.NATIVE, plan.mailboxes(), connections), "(f)/(g)", OF_NATIVE);
        var postgres = keptConnections(ComparedServer.POSTGRES, plan.mailboxes(), connections);
        add(
                postgres,
                keptConnections(ComparedServer.POSTGRES_FLOOR, plan.mailboxes(), connections),
                "(h)/(i)",
                OF_POSTGRES);
        add(postgres, own, "(h)/(b)", NONE);
    }

    private void addPopulations() {
        if (plan.populations().size() < 2) {
            return;
        }
        var fewest = plan.populations().getFirst();
        for (var more : plan.populations().subList(1, plan.populations().size())) {
            var connections = plan.connections().getFirst();
            add(
                    keptConnections(ComparedServer.TIDEMARK, more, connections),
                    keptConnections(ComparedServer.TIDEMARK, fewest, connections),
                    "(b) " + more + "/" + fewest + " mailboxes",
                    OF_FEWEST);
        }
    }

    private void add(BenchmarkCase one, BenchmarkCase other, String name, double wanted) {
        add(one, other, name, BenchmarkResult.Row::perSecond, wanted, false);
    }

    private void addTime(BenchmarkCase one, BenchmarkCase other, String name, double wanted) {
        add(one, other, name + " of server µs", BenchmarkResult.Row::serverMicros, wanted, true);
    }

    private void add(
            BenchmarkCase one,
            BenchmarkCase other,
            String name,
            ToDoubleFunction<BenchmarkResult.Row> figure,
            double wanted,
            boolean atMost) {
        var mine = BenchmarkReport.find(rows, one);
        var theirs = BenchmarkReport.find(rows, other);
        if (mine.isPresent() && theirs.isPresent()) {
            var value = figure.applyAsDouble(mine.get()) / figure.applyAsDouble(theirs.get());
            found.add(new BenchmarkReport.Ratio(
                    name + " over " + one.connections() + " connections", value, wanted, atMost));
        }
    }

    private static BenchmarkCase keptConnections(ComparedServer server, int mailboxes, int connections) {
        return new BenchmarkCase(server, mailboxes, ConnectionMode.KEPT, 1, connections);
    }
}
