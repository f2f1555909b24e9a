package dev.tidemark.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Sets Tidemark's rows against the others of the same run.
final class Ratios {
    private static final double OF_FLOOR = 0.6;
    private static final double OF_CXF = 1;
    private static final double OF_EXCHANGELIB = 12;
    private static final double OF_FEWEST = 0.85;
    private static final double OF_BARE = 0.55;
    private static final double TIME_OF_BARE = 2.4;
    private static final double OF_OWN = 0.9;
    private static final double TIME_OF_OWN = 1.1;
    private static final double OF_NATIVE = 0.4;

    private final Plan plan;
    private final List<Result.Row> rows;
    private final List<Report.Ratio> found = new ArrayList<>();

    private Ratios(Plan plan, List<Result.Row> rows) {
        this.plan = plan;
        this.rows = rows;
    }

    static List<Report.Ratio> of(Plan plan, List<Result.Row> rows) {
        var ratios = new Ratios(plan, rows);
        plan.connections().forEach(ratios::addRivals);
        ratios.addPopulations();
        return List.copyOf(ratios.found);
    }

    private void addRivals(int connections) {
        var own = kept(Rival.TIDEMARK, plan.mailboxes(), connections);
        var bare = kept(Rival.BARE, plan.mailboxes(), connections);
        var daemon = kept(Rival.DAEMON, plan.mailboxes(), connections);
        add(own, kept(Rival.FLOOR, plan.mailboxes(), connections), "(b)/(e)", OF_FLOOR);
        add(own, kept(Rival.CXF, plan.mailboxes(), connections), "(b)/(c)", OF_CXF);
        add(own, kept(Rival.EXCHANGELIB, plan.mailboxes(), connections), "(b)/(d)", OF_EXCHANGELIB);
        add(own, bare, "(b)/(a)", OF_BARE);
        addTime(own, bare, "(b)/(a)", TIME_OF_BARE);
        add(daemon, own, "(f)/(b)", OF_OWN);
        addTime(daemon, own, "(f)/(b)", TIME_OF_OWN);
        add(daemon, kept(Rival.NATIVE, plan.mailboxes(), connections), "(f)/(g)", OF_NATIVE);
    }

    private void addPopulations() {
        if (plan.populations().size() < 2) {
            return;
        }
        var fewest = plan.populations().getFirst();
        for (var more : plan.populations().subList(1, plan.populations().size())) {
            var connections = plan.connections().getFirst();
            add(
                    kept(Rival.TIDEMARK, more, connections),
                    kept(Rival.TIDEMARK, fewest, connections),
                    "(b) " + more + "/" + fewest + " mailboxes",
                    OF_FEWEST);
        }
    }

    private void add(Entry one, Entry other, String name, double wanted) {
        add(one, other, name, Result.Row::perSecond, wanted, false);
    }

    private void addTime(Entry one, Entry other, String name, double wanted) {
        add(one, other, name + " of server µs", Result.Row::serverMicros, wanted, true);
    }

    private void add(
            Entry one, Entry other, String name, ToDoubleFunction<Result.Row> figure, double wanted, boolean atMost) {
        var mine = Report.find(rows, one);
        var theirs = Report.find(rows, other);
        if (mine.isPresent() && theirs.isPresent()) {
            var value = figure.applyAsDouble(mine.get()) / figure.applyAsDouble(theirs.get());
            found.add(new Report.Ratio(name + " over " + one.connections() + " connections", value, wanted, atMost));
        }
    }

    private static Entry kept(Rival rival, int mailboxes, int connections) {
        return new Entry(rival, mailboxes, Transport.KEPT, 1, connections);
    }
}
