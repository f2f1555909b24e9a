package dev.tidemark.daemon;

import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.GroupConfigSection.DistributionGroupSource;
import dev.tidemark.daemon.reload.ReloadResult;
import dev.tidemark.store.StoreException;
import dev.tidemark.subscriber.directory.GroupExpander.GroupExpansion;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the members of distribution groups (`mailboxes-from`) enrolled. Expands each group at its interval on a
/// separate thread. A group that cannot be expanded changes nothing.
final class DistributionGroupRefresher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DistributionGroupRefresher.class);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Supplier<List<GroupConfigSection>> groups;
    private final DirectoryLookup directory;
    private final MemberReconciler reconciler;
    private final Clock clock;
    private final BooleanSupplier isOnDuty;
    private final Semaphore wakeups = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("distribution-groups").unstarted(this::run);
    /// used by the thread only
    private final Map<String, Instant> due = new HashMap<>();

    private volatile boolean stopped;
    private volatile boolean forced;

    /// Reads the directory of a group's connection. Blocks until Exchange has responded.
    public interface DirectoryLookup {
        GroupExpansion expand(GroupConfigSection group, DistributionGroupSource source) throws InterruptedException;

        /// Returns the address that a mailbox has now; empty if the directory does not know.
        Optional<MailboxAddress> currentAddress(GroupConfigSection group, MailboxAddress former)
                throws InterruptedException;
    }

    private DistributionGroupRefresher(
            Supplier<List<GroupConfigSection>> groups,
            DirectoryLookup directory,
            MemberReconciler reconciler,
            Clock clock,
            BooleanSupplier isOnDuty) {
        this.isOnDuty = isOnDuty;
        this.groups = groups;
        this.directory = directory;
        this.reconciler = reconciler;
        this.clock = clock;
    }

    /// Starts to refresh; the first expansions run at once.
    ///
    /// @param groups returns the groups of the running configuration
    /// @param isOnDuty false while another node refreshes; then this one does nothing
    public static DistributionGroupRefresher start(
            Supplier<List<GroupConfigSection>> groups,
            DirectoryLookup directory,
            MemberReconciler reconciler,
            Clock clock,
            BooleanSupplier isOnDuty) {
        var refresher = new DistributionGroupRefresher(groups, directory, reconciler, clock, isOnDuty);
        refresher.thread.start();
        return refresher;
    }

    /// Expands all groups again soon after a reload. A forced reload accepts the loss of many members.
    public void onReload(ReloadResult result) {
        if (result instanceof ReloadResult.Applied applied) {
            if (applied.forced()) {
                forced = true;
            }
            wakeups.release();
        }
    }

    private void run() {
        try {
            while (!stopped) {
                if (isOnDuty.getAsBoolean()) {
                    refreshDue();
                }
                if (wakeups.tryAcquire(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeups.drainPermits();
                    due.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refreshDue() throws InterruptedException {
        var force = forced;
        for (var group : groups.get()) {
            var now = clock.instant();
            var at = due.getOrDefault(group.name(), Instant.MIN);
            if (!group.mailboxesFrom().isEmpty() && !stopped && !now.isBefore(at)) {
                due.put(group.name(), refresh(group, force));
            }
        }
        if (force) {
            forced = false;
        }
    }

    /// Returns the time of the next refresh.
    private Instant refresh(GroupConfigSection group, boolean force) throws InterruptedException {
        var members = new HashSet<MailboxAddress>();
        var requests = 0;
        for (var source : group.mailboxesFrom()) {
            switch (directory.expand(group, source)) {
                case GroupExpansion.Expanded expanded -> {
                    members.addAll(expanded.members());
                    requests += expanded.requests();
                }
                case GroupExpansion.Failed failed -> {
                    LOG.warn(
                            "The members of {} in group {} stay as they are: {}; retrying",
                            source.address(),
                            group.name(),
                            failed.reason());
                    return failed.retryAt().orElse(clock.instant().plus(RETRY));
                }
            }
        }
        return reconcile(group, members, requests, force);
    }

    private Instant reconcile(GroupConfigSection group, Set<MailboxAddress> members, int requests, boolean force)
            throws InterruptedException {
        try {
            reconciler.reconcile(group, members, requests, force, former -> directory.currentAddress(group, former));
            return clock.instant().plus(refreshInterval(group));
        } catch (StoreException e) {
            LOG.warn("The members of group {} could not be stored: {}; retrying", group.name(), e.getMessage());
            return clock.instant().plus(RETRY);
        }
    }

    private static Duration refreshInterval(GroupConfigSection group) {
        return group.mailboxesFrom().stream()
                .map(DistributionGroupSource::refresh)
                .min(Duration::compareTo)
                .orElse(RETRY);
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }
}
