package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.BenchmarkReport.Ratio;
import dev.tidemark.benchmarks.DeliveryBenchmarkConfig.Part;
import dev.tidemark.benchmarks.DeliveryReport.Proof;
import dev.tidemark.benchmarks.DeliveryReport.Row;
import dev.tidemark.benchmarks.server.JsonLineProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Runs the bare loop and Tidemark against one receiver, round by round in turn, so that disturbances affect
/// both alike. Compares the arrived events with the senders' counts.
final class SenderComparison {
    private static final double SINGLY = 3_000;
    private static final double BATCHED = 20_000;
    private static final double OF_BARE = 0.6;

    private final DeliveryBenchmarkConfig plan;
    private final DeliveryBenchmark.Starter starter;
    private final Consumer<String> progress;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Proof> proofs = new ArrayList<>();

    private static final class Entry {
        private final String name;
        private final boolean bare;
        private final int batch;
        private final JsonLineProcess sender;
        private final List<Double> rounds = new ArrayList<>();
        private Duration sending = Duration.ZERO;
        private Duration receiving = Duration.ZERO;
        private long events;

        Entry(String name, boolean bare, int batch, JsonLineProcess sender) {
            this.name = name;
            this.bare = bare;
            this.batch = batch;
            this.sender = sender;
        }

        double median() {
            var sorted = rounds.stream().sorted().toList();
            return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        }

        double micros(Duration time) {
            return time.toNanos() / 1e3 / Math.max(1, events);
        }
    }

    SenderComparison(DeliveryBenchmarkConfig plan, DeliveryBenchmark.Starter starter, Consumer<String> progress) {
        this.plan = plan;
        this.starter = starter;
        this.progress = progress;
    }

    /// Returns the address of a newly started receiver.
    static String hook(JsonLineProcess receiver) throws IOException {
        return "http://127.0.0.1:"
                + receiver.read(CountingWebhookServer.Ready.class).port() + "/hooks/mail";
    }

    void run() throws IOException {
        if (!plan.parts().contains(Part.SINGLE) && !plan.parts().contains(Part.BATCH)) {
            return;
        }
        try (var receiver = starter.start("hook", CountingWebhookServer.class, List.of(), List.of())) {
            var hook = hook(receiver);
            try (var bare = sender("bare", hook);
                    var tidemark = sender("tidemark", hook)) {
                addRows(bare, tidemark);
                for (var entry : entries) {
                    progress.accept("Warming up " + entry.name + " ...");
                    round(entry, receiver, plan.warmUp(), false);
                }
                progress.accept("%d rounds of %.1f s each ..."
                        .formatted(plan.rounds(), plan.round().toMillis() / 1e3));
                for (var round = 0; round < plan.rounds(); round++) {
                    for (var i = 0; i < entries.size(); i++) {
                        round(entries.get((i + round) % entries.size()), receiver, plan.round(), true);
                    }
                }
            }
        }
    }

    private JsonLineProcess sender(String name, String hook) throws IOException {
        var arguments = List.of(
                name,
                "%FOLDER%",
                Integer.toString(plan.mailboxes()),
                Integer.toString(plan.events()),
                "%KEPT%",
                hook,
                Integer.toString(plan.connections()));
        var talk = starter.start("sender-" + name, BenchmarkSender.Main.class, List.of(), arguments);
        talk.read(CountingWebhookServer.Ready.class);
        return talk;
    }

    private void addRows(JsonLineProcess bare, JsonLineProcess tidemark) {
        if (plan.parts().contains(Part.SINGLE)) {
            entries.add(new Entry("(a) bare HttpClient loop, singly", true, 1, bare));
            entries.add(new Entry("(b) Tidemark, singly", false, 1, tidemark));
        }
        if (plan.parts().contains(Part.BATCH)) {
            entries.add(new Entry("(a) bare HttpClient loop, lists of " + plan.batch(), true, plan.batch(), bare));
            entries.add(new Entry("(b) Tidemark, lists of " + plan.batch(), false, plan.batch(), tidemark));
        }
    }

    private void round(Entry entry, JsonLineProcess receiver, Duration time, boolean counts) throws IOException {
        receiver.request(new CountingWebhookServer.Question(true), WebhookRecorder.Count.class);
        var sending = entry.sender.processorTime();
        var receiving = receiver.processorTime();
        var done = entry.sender.request(
                new BenchmarkSender.Round(entry.batch, time.toMillis()), BenchmarkSender.Done.class);
        if (counts) {
            entry.sending = entry.sending.plus(entry.sender.processorTime().minus(sending));
            entry.receiving = entry.receiving.plus(receiver.processorTime().minus(receiving));
            entry.events += done.all();
            entry.rounds.add(done.events() / done.seconds());
        }
        var count = receiver.request(new CountingWebhookServer.Question(true), WebhookRecorder.Count.class);
        proofs.add(new Proof(entry.name, done.all(), done.moved(), count.events(), count.distinct()));
    }

    List<Row> rows() {
        return entries.stream()
                .map(entry -> new Row(
                        entry.name,
                        plan.connections(),
                        entry.batch,
                        entry.median(),
                        entry.rounds.stream()
                                .mapToDouble(Double::doubleValue)
                                .min()
                                .orElse(0),
                        entry.rounds.stream()
                                .mapToDouble(Double::doubleValue)
                                .max()
                                .orElse(0),
                        entry.micros(entry.sending),
                        entry.micros(entry.receiving)))
                .toList();
    }

    List<Ratio> ratios() {
        var ratios = new ArrayList<Ratio>();
        for (var own : entries) {
            if (!own.bare) {
                var wanted = own.batch == 1 ? SINGLY : BATCHED;
                ratios.add(new Ratio(
                        String.format(Locale.ROOT, "%s, events per second by the %,.0f wanted", own.name, wanted),
                        own.median() / wanted,
                        1));
                entries.stream()
                        .filter(other -> other.bare && other.batch == own.batch)
                        .forEach(other -> ratios.add(new Ratio(
                                own.name + " by the bare loop",
                                own.median() / other.median(),
                                own.batch == 1 ? OF_BARE : 0)));
            }
        }
        return ratios;
    }

    /// Returns the totals of all rounds per case.
    List<Proof> proofs() {
        return entries.stream()
                .map(entry -> proofs.stream()
                        .filter(proof -> proof.entry().equals(entry.name))
                        .reduce((one, other) -> new Proof(
                                one.entry(),
                                one.taken() + other.taken(),
                                one.moved() + other.moved(),
                                one.received() + other.received(),
                                one.distinct() + other.distinct()))
                        .orElseThrow())
                .toList();
    }
}
