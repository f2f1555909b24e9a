package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.OperatorProblem.Kind;
import dev.tidemark.daemon.admin.listing.MailboxFailureTimes;
import dev.tidemark.daemon.canary.CanaryMonitor.CanaryFailure;
import dev.tidemark.daemon.canary.CanaryMonitor.CanaryReading;
import dev.tidemark.daemon.metrics.ProblemCounts;
import dev.tidemark.daemon.metrics.ResourceWarnings;
import dev.tidemark.daemon.reload.ConfigReloader.ReloadStatus;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Collects the problems of the running daemon, worst first. Used by status, readiness and metrics. Thread-safe.
public final class ProblemReport {
    private static final String CHECK_STORE = "check the store's disk and the log; callbacks get 503 until it writes";

    /// Clock difference at which Kerberos refuses a login.
    private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    /// Age of the oldest undelivered event from which a sink counts as behind.
    private static final Duration MAX_DELAY = Duration.ofMinutes(15);

    /// Time for which a result is reused. The gauges of one scrape share a result.
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private record Reading(Instant at, List<OperatorProblem> problems) {}

    private final WatermarkStore store;
    private final MailboxSubscriber subscriber;
    private final EventForwarder forwarder;
    private final ResourceWarnings resources;
    private final Supplier<ReloadStatus> configuration;
    private final Supplier<List<CanaryReading>> canaries;
    private final Supplier<List<ClusterNode>> nodes;
    private final MailboxFailureTimes failures;
    private final Clock clock;
    private volatile AuditLog audit = AuditLog.none();
    private volatile Reading last = new Reading(Instant.MIN, List.of());

    /// @param nodes returns the nodes of the cluster
    public ProblemReport(
            WatermarkStore store,
            MailboxSubscriber subscriber,
            EventForwarder forwarder,
            ResourceWarnings resources,
            Supplier<ReloadStatus> configuration,
            Supplier<List<CanaryReading>> canaries,
            Supplier<List<ClusterNode>> nodes,
            Clock clock) {
        this.store = store;
        this.subscriber = subscriber;
        this.forwarder = forwarder;
        this.resources = resources;
        this.configuration = configuration;
        this.canaries = canaries;
        this.nodes = nodes;
        this.failures = new MailboxFailureTimes(store.journal(), clock);
        this.clock = clock;
    }

    /// Reports the state of the audit file, too.
    public void watch(AuditLog log) {
        audit = log;
    }

    /// Returns the current problems. The store's obstacle is always current, because readiness depends on it;
    /// other problems are at most one second old.
    public List<OperatorProblem> problems() {
        var all = new ArrayList<OperatorProblem>();
        store.intake()
                .obstacle()
                .ifPresent(why -> all.add(OperatorProblem.of(Kind.STORE, "", "not writing", why, CHECK_STORE)));
        configurationProblem().ifPresent(all::add);
        audit.obstacle()
                .ifPresent(why -> all.add(OperatorProblem.of(Kind.AUDIT, "", "not writing", why, "make it writable")));
        all.addAll(others());
        all.sort((one, other) -> one.kind().compareTo(other.kind()));
        return List.copyOf(all);
    }

    private Optional<OperatorProblem> configurationProblem() {
        var status = configuration.get();
        return status.failedAt()
                .map(failedAt -> new OperatorProblem(
                        Kind.CONFIGURATION,
                        "",
                        "not reloaded",
                        1,
                        Optional.of(failedAt),
                        status.reason(),
                        "correct the file, then run 'tidemark reload'; the configuration from before stays in use"));
    }

    private List<OperatorProblem> others() {
        var now = clock.instant();
        var reading = last;
        if (reading.at().isAfter(now.minus(MAX_AGE)) && !reading.at().isAfter(now)) {
            return reading.problems();
        }
        var found = collect();
        last = new Reading(now, found);
        return found;
    }

    private List<OperatorProblem> collect() {
        var all = new ArrayList<OperatorProblem>();
        subscriber.connections().stream()
                .filter(ProblemReport::isTroubled)
                .map(ProblemReport::of)
                .forEach(all::add);
        canaries.get()
                .forEach(canary -> canary.failure().ifPresent(failure -> all.add(of(canary.connection(), failure))));
        addMailboxes(all);
        nodes.get().stream()
                .filter(Predicate.not(ClusterNode::alive))
                .map(OperatorProblem::ofGone)
                .forEach(all::add);
        resources.certificates().stream()
                .map(each -> of(Kind.CERTIFICATE, each))
                .forEach(all::add);
        resources.disk().map(each -> of(Kind.DISK, each)).ifPresent(all::add);
        addFromDatabase(all);
        subscriber.connections().forEach(connection -> addClock(all, connection.name()));
        return List.copyOf(all);
    }

    private static OperatorProblem of(Kind kind, ResourceWarnings.Warning warning) {
        return new OperatorProblem(
                kind, warning.subject(), warning.state(), 1, Optional.empty(), warning.cause(), warning.remedy());
    }

    /// Adds problems that need the database. An unreadable database is a problem, too.
    private void addFromDatabase(List<OperatorProblem> all) {
        try {
            forwarder.sinks().forEach(sink -> {
                if (isTroubled(sink)) {
                    all.add(of(sink));
                } else if (isBehind(sink)) {
                    all.add(delay(sink));
                }
            });
            addDeadLetters(all);
        } catch (StoreException e) {
            all.add(OperatorProblem.of(Kind.STORE, "", "not reading", String.valueOf(e.getMessage()), CHECK_STORE));
        }
    }

    private static boolean isTroubled(ConnectionStatus connection) {
        return !connection.isAvailable() || connection.backoffUntil().isPresent();
    }

    private static OperatorProblem of(ConnectionStatus connection) {
        return new OperatorProblem(
                Kind.CONNECTION,
                connection.name(),
                connection.isAvailable() ? "backing off" : connection.state().label(),
                1,
                connection.isAvailable() ? Optional.empty() : Optional.of(connection.since()),
                connection.reason().orElse("Exchange requested a back-off"),
                connection.remedy().orElse("none; Tidemark continues when the back-off ends"));
    }

    private static OperatorProblem of(String connection, CanaryFailure failure) {
        return new OperatorProblem(
                Kind.CANARY,
                connection,
                failure.state(),
                1,
                Optional.of(failure.since()),
                failure.reason(),
                failure.remedy());
    }

    private void addMailboxes(List<OperatorProblem> all) {
        var troubled = store.mailboxes()
                .unhealthy()
                .filter(ProblemReport::isTroubled)
                .collect(Collectors.groupingBy(mailbox -> mailbox.state().label()));
        // called even without failed mailboxes, to forget the times of earlier failures
        var failedSince = failedSince(troubled.getOrDefault("failed", List.of()));
        troubled.forEach((state, mailboxes) ->
                all.add(of(state, mailboxes, isFailed(mailboxes) ? failedSince : Optional.empty())));
    }

    private Optional<Instant> failedSince(List<MailboxSummary> failed) {
        try {
            return failures.earliest(failed.stream().map(MailboxSummary::id).toList());
        } catch (StoreException e) {
            // another problem reports this; the mailboxes are listed without the time
            return Optional.empty();
        }
    }

    private static boolean isFailed(List<MailboxSummary> mailboxesOfState) {
        return mailboxesOfState.getFirst().state() instanceof MailboxState.Failed;
    }

    /// A mailbox that is subscribed again after a restore is no problem yet. If no callback arrives within the limit,
    /// another error follows.
    static boolean isTroubled(MailboxSummary mailbox) {
        return mailbox.lastError().filter(SubscriptionStore.RESTORED::equals).isEmpty() && isTroubledByState(mailbox);
    }

    private static boolean isTroubledByState(MailboxSummary mailbox) {
        return switch (mailbox.state()) {
            case MailboxState.Failed ignored -> true;
            case MailboxState.Degraded ignored -> true;
            case MailboxState.Silent ignored -> true;
            case MailboxState.Paused ignored -> false;
            case MailboxState.New ignored -> mailbox.lastError().isPresent();
            case MailboxState.Subscribing ignored -> mailbox.lastError().isPresent();
            case MailboxState.Active ignored -> mailbox.lastError().isPresent();
            case MailboxState.Resyncing ignored -> mailbox.lastError().isPresent();
        };
    }

    /// Returns the problem of these mailboxes, with their most common reason.
    private static OperatorProblem of(String state, List<MailboxSummary> mailboxes, Optional<Instant> since) {
        var reason = mailboxes.stream()
                .flatMap(mailbox -> mailbox.lastError().stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("no callback arrived for too long");
        var failed = isFailed(mailboxes);
        return new OperatorProblem(
                failed ? Kind.FAILED_MAILBOXES : Kind.TROUBLED_MAILBOXES,
                "",
                state,
                mailboxes.size(),
                since,
                reason,
                failed
                        ? "repair the cause, then run 'tidemark mailboxes resubscribe MAILBOX'; 'tidemark mailboxes show"
                                + " MAILBOX' shows the time of the next automatic retry"
                        : "repair the named cause; Tidemark retries automatically, and 'tidemark mailboxes list --state "
                                + state + "' shows each with its last error");
    }

    private static boolean isTroubled(SinkView sink) {
        return !"active".equals(sink.state()) || sink.lastError().isPresent();
    }

    private static OperatorProblem of(SinkView sink) {
        return new OperatorProblem(
                Kind.SINK,
                sink.name().value(),
                sink.state(),
                1,
                sink.since(),
                sink.lastError().orElse("it failed before the last restart"),
                sink.remedy()
                        .orElse("repair the receiver; events that it refuses are retried, then become dead letters"));
    }

    private boolean isBehind(SinkView sink) {
        return sink.oldestUndeliveredAt()
                .filter(clock.instant().minus(MAX_DELAY)::isAfter)
                .isPresent();
    }

    private static OperatorProblem delay(SinkView sink) {
        return new OperatorProblem(
                Kind.SINK,
                sink.name().value(),
                "behind",
                1,
                sink.oldestUndeliveredAt(),
                String.format(Locale.ROOT, "%,d events wait", sink.backlog())
                        + ", because they arrive faster than the receiver accepts them",
                "let the receiver respond faster, or raise concurrency, batch.max or rate-limit of the sink");
    }

    private void addClock(List<OperatorProblem> all, String connection) {
        var ahead = subscriber.clockOffset(connection);
        if (ahead.abs().compareTo(MAX_CLOCK_DIFFERENCE) > 0) {
            all.add(new OperatorProblem(
                    Kind.CLOCK,
                    connection,
                    ahead.isNegative() ? "behind" : "ahead",
                    1,
                    Optional.empty(),
                    "the clock of Exchange differs from Tidemark's by "
                            + ahead.abs().toSeconds() + " s",
                    "synchronize both machines by NTP; resyncs take the difference into account"));
        }
    }

    private void addDeadLetters(List<OperatorProblem> all) {
        var count = store.deliveries().deadLetterCount();
        if (count > 0) {
            all.add(new OperatorProblem(
                    Kind.DEAD_LETTERS,
                    "",
                    "undelivered",
                    count,
                    Optional.empty(),
                    "sinks refused these events until their retries ended",
                    "repair the receivers, then run 'tidemark dead-letters replay --all'; 'tidemark dead-letters list'"
                            + " shows them"));
        }
    }

    /// Returns the numbers of problems, for metrics.
    public ProblemCounts counts() {
        return new ProblemCounts(OperatorProblem.Kind.areas(), this::count);
    }

    /// Returns the number of affected things in an area.
    private long count(String area) {
        return problems().stream()
                .filter(problem -> problem.kind().area().equals(area))
                .mapToLong(OperatorProblem::count)
                .sum();
    }
}
