package dev.tidemark.daemon.command;

import dev.tidemark.daemon.StoreOpener;
import dev.tidemark.daemon.check.CheckPlan;
import dev.tidemark.daemon.check.CheckStep;
import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.daemon.check.LiveCheck;
import dev.tidemark.daemon.check.MailboxSample;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.ListenerException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.SinkName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Checks a configuration without a running daemon. Opens the store to read it, creates none, and listens at the
/// configured address while it waits for callbacks. Used by the command on its thread.
final class StandaloneCheck {
    private final TidemarkConfig config;
    private final Clock clock;
    private final Consumer<CheckStep> progress;
    private final List<CheckStep> steps = new ArrayList<>();

    /// @param progress receives each step at once
    public StandaloneCheck(TidemarkConfig config, Clock clock, Consumer<CheckStep> progress) {
        this.config = config;
        this.clock = clock;
        this.progress = progress;
    }

    /// Runs all steps except those that depend on a failed one. Without a listener, no mailbox is subscribed.
    ///
    /// @param wait limit of the wait for callbacks
    /// @throws StoreException if a process uses the store; that process can run the check
    public List<CheckStep> run(Duration wait) throws InterruptedException {
        add(store());
        var listener = listen();
        try {
            var live = new LiveCheck(CheckPlan.of(config), samples(), listener, this::test, clock);
            steps.addAll(live.run(wait, progress));
            return List.copyOf(steps);
        } finally {
            listener.ifPresent(CallbackListener::close);
        }
    }

    private CheckStep store() {
        try (var source = StoreOpener.openSource(config.store(), clock)) {
            Objects.requireNonNull(source);
            return CheckStep.passed(CheckStage.STORE, "The store opens.");
        } catch (StoreException failed) {
            if (failed.isInUse()) {
                throw failed;
            }
            return failed.isAbsent()
                    ? CheckStep.passed(CheckStage.STORE, "There is no store yet; the first start creates it.")
                    : CheckStep.failed(CheckStage.STORE, String.valueOf(failed.getMessage()));
        }
    }

    private Optional<CallbackListener> listen() {
        var server = config.listener().server();
        try {
            var listener = CallbackListener.startForProbes(server, clock);
            add(CheckStep.passed(CheckStage.LISTENER, "Listening on " + server.host() + ":" + listener.port() + "."));
            return Optional.of(listener);
        } catch (ListenerException failed) {
            add(CheckStep.failed(CheckStage.LISTENER, String.valueOf(failed.getMessage())));
            return Optional.empty();
        }
    }

    private Function<String, MailboxSample> samples() {
        Map<String, MailboxSample> samples = config.groups().stream()
                .collect(Collectors.toMap(GroupConfigSection::name, group -> MailboxSample.of(group.mailboxes())));
        return group -> samples.getOrDefault(group, MailboxSample.of(List.of()));
    }

    private Optional<SinkTestResult> test(SinkName name) {
        return config.sinks().stream()
                .filter(sink -> sink.name().equals(name))
                .findFirst()
                .map(sink -> EventForwarder.testOnce(
                        sink, config.egress(), config.store().instance(), clock));
    }

    private void add(CheckStep step) {
        steps.add(step);
        progress.accept(step);
    }
}
