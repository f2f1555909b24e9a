package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.ConnectionConfigSection;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.SourceLocation;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.inputs.ConfigFile;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.values.ReadableText;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration again and applies it to the running modules, all or nothing unless the store fails
/// meanwhile. Called by the admin API, by
/// SIGHUP and by [ConfigFileWatcher]; one reload runs at a time. Thread-safe.
public final class ConfigReloader {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReloader.class);

    private final MailboxRegistry mailboxes;
    private final ReloadableModules modules;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean requested = new AtomicBoolean();
    private final List<Consumer<ReloadResult>> listeners = new CopyOnWriteArrayList<>();
    /// Configuration of the last start, for keys that only a restart changes.
    private final TidemarkConfig started;

    private volatile TidemarkConfig running;
    private volatile ReloadStatus status;
    private volatile boolean stopped;
    private volatile boolean obstructed;

    /// @param started configuration that the modules were started with
    public ConfigReloader(TidemarkConfig started, MailboxRegistry mailboxes, ReloadableModules modules, Clock clock) {
        this.started = started.withoutMailboxes();
        this.running = this.started;
        this.mailboxes = mailboxes;
        this.modules = modules;
        this.clock = clock;
        this.status = new ReloadStatus(clock.instant(), Optional.empty(), "");
    }

    /// Registers an observer of each reload. Logs a failure of an observer and still calls the others.
    public void onFinished(Consumer<ReloadResult> observer) {
        listeners.add(observer);
    }

    /// Returns the running configuration, without mailboxes.
    public TidemarkConfig running() {
        return running;
    }

    /// Returns the result of the last reload.
    public ReloadStatus status() {
        return status;
    }

    /// Returns true if the last reload failed for a reason outside the configuration, so that a repetition may succeed.
    boolean isObstructed() {
        return obstructed;
    }

    /// Returns a group of the running configuration, without its mailboxes.
    public Optional<GroupConfigSection> group(String name) {
        return running.groups().stream()
                .filter(group -> group.name().equals(name))
                .findFirst();
    }

    /// Returns true if the mailboxes of the connection need their SIDs.
    public boolean impersonatesBySid(String connection) {
        return Optional.ofNullable(running.connections().get(connection))
                .filter(ConnectionConfigSection::impersonatesBySid)
                .isPresent();
    }

    /// Returns the files that the running configuration names.
    List<ConfigFile> files() {
        return running.inputs().files();
    }

    /// Starts a reload on a separate thread and returns at once. Requests that arrive before it starts share it.
    public void request(String cause) {
        if (requested.compareAndSet(false, true)) {
            try {
                start(cause);
            } catch (Error noThread) {
                requested.set(false);
                throw noThread;
            }
        }
    }

    private void start(String cause) {
        Thread.ofPlatform().daemon().name("reload").start(() -> {
            LOG.info("Reloading the configuration: {}", cause);
            reload(false);
        });
    }

    /// Rejects reloads from now on; the daemon stops.
    public void stop() {
        stopped = true;
    }

    /// Reloads the configuration and waits for the result.
    ///
    /// @param force true to accept the loss of many mailboxes
    public ReloadResult reload(boolean force) {
        lock.lock();
        try {
            requested.set(false);
            var result = stopped ? rejected("Tidemark is stopping; reload after the next start") : tryReload(force);
            record(result);
            listeners.forEach(each -> report(result, each));
            return result;
        } finally {
            lock.unlock();
        }
    }

    private static void report(ReloadResult result, Consumer<ReloadResult> observer) {
        try {
            observer.accept(result);
        } catch (RuntimeException | Error e) {
            LOG.error("Failed to report a reload", e);
        }
    }

    private ReloadResult tryReload(boolean force) {
        obstructed = false;
        try {
            var source = running.inputs().source();
            var next = TidemarkConfig.read(source.file(), source.environment());
            var losses = force ? List.<ConfigDiagnostic>of() : new MailboxLossGuard(mailboxes, running).check(next);
            return losses.isEmpty() ? apply(next, force) : new ReloadResult.Rejected(losses);
        } catch (ConfigException invalid) {
            return new ReloadResult.Rejected(invalid.faults());
        } catch (RuntimeException | Error unusable) {
            obstructed = true;
            return rejected(reasonOf(unusable));
        }
    }

    /// Returns the reason for the operator, and logs the stack trace. An error is a bug or a lack of memory.
    private static String reasonOf(Throwable failure) {
        if (failure instanceof Error) {
            LOG.error("The reload failed unexpectedly", failure);
            return "an unexpected error (" + failure + ")";
        }
        LOG.debug("The reload failed", failure);
        return String.valueOf(failure.getMessage());
    }

    private ReloadResult.Rejected rejected(String reason) {
        var file = running.inputs().source().file().toString();
        return new ReloadResult.Rejected(
                List.of(ConfigDiagnostic.ofFault(new SourceLocation(file, 1, 1), ReadableText.clause(reason))));
    }

    private ReloadResult apply(TidemarkConfig next, boolean force) {
        var scope = LiveScope.of(started, next);
        var live = ConfigDifference.between(running, next).filter(scope::covers);
        var restart = ConfigDifference.between(started, next).filter(key -> !scope.covers(key));
        var merged = next.withRestartSettingsOf(running);
        var renewed = ConfigDifference.renewedFiles(running, next);
        try (var prepared = modules.prepare(merged, renewed)) {
            var changes = new ArrayList<>(live.sentences());
            try {
                changes.addAll(prepared.apply().sentences());
            } catch (RuntimeException | Error failed) {
                return appliedInPart(failed);
            }
            running = merged.withoutMailboxes();
            return new ReloadResult.Applied(changes, List.copyOf(restart.keys().keySet()), force);
        }
    }

    private ReloadResult.Rejected appliedInPart(Throwable failed) {
        obstructed = true;
        var reason = reasonOf(failed) + "; the configuration is applied in part, reload again";
        return new ReloadResult.Rejected(rejected(reason).faults(), true);
    }

    private void record(ReloadResult result) {
        switch (result) {
            case ReloadResult.Applied applied -> {
                status = new ReloadStatus(clock.instant(), Optional.empty(), "");
                applied.changed().forEach(change -> LOG.info("Configuration: {}", change));
                if (!applied.restartNeeded().isEmpty()) {
                    LOG.warn(
                            "Restart Tidemark to apply the changes of {}; the running values stay until then",
                            String.join(", ", applied.restartNeeded()));
                }
                LOG.info(
                        "Reloaded the configuration; {} changes",
                        applied.changed().size());
            }
            case ReloadResult.Rejected rejected -> {
                var reason =
                        rejected.faults().stream().map(ConfigDiagnostic::text).collect(Collectors.joining("; "));
                status = new ReloadStatus(status.successAt(), Optional.of(clock.instant()), reason);
                if (rejected.appliedInPart()) {
                    LOG.warn("Applied the new configuration in part: {}", reason);
                } else {
                    LOG.warn("Kept the running configuration, because the new one is not valid: {}", reason);
                }
            }
        }
    }

    /// State of the configuration in use.
    ///
    /// @param successAt time at which the configuration in use was read
    /// @param failedAt time of the last reload, if it failed
    /// @param reason faults of that reload; empty without one
    public record ReloadStatus(Instant successAt, Optional<Instant> failedAt, String reason) {
        /// Returns true if the last reload succeeded, or if there was none.
        public boolean isSuccessful() {
            return failedAt.isEmpty();
        }
    }
}
