package dev.tidemark.daemon;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.admin.AccessGate;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.reload.MailboxChanges;
import dev.tidemark.daemon.reload.ReloadableModules;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.PreparedSinks;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.MailboxSubscriber;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Applies a new configuration to the modules of the running daemon. Called by one reload at a time.
///
/// The order loses no event: sinks and routes come before mailboxes, so that an event of a new group finds its sink.
/// Routes of groups that are gone end after their mailboxes. Tokens come before addresses, so that a callback to a new
/// address is accepted.
final class DaemonModules implements ReloadableModules {
    /// Modules that a reload changes.
    ///
    /// @param mailboxWrites held for each write to the list of mailboxes
    record ModuleSet(
            WatermarkStore store,
            ReentrantLock mailboxWrites,
            EventForwarder forwarder,
            CallbackListener listener,
            CallbackTokenCodec tokens,
            MailboxSubscriber subscriber,
            Compensator compensator,
            GroupLookups lookups,
            ExchangeClients clients,
            AccessGate gate) {}

    private final ModuleSet modules;
    /// written by the reload, read by any thread
    private volatile TidemarkConfig running;

    /// @param started configuration that the modules were started with
    DaemonModules(TidemarkConfig started, ModuleSet modules) {
        this.running = started.withoutMailboxes();
        this.modules = modules;
    }

    @Override
    public PreparedReload prepare(TidemarkConfig next, Set<String> renewed) {
        modules.store().intake().obstacle().ifPresent(why -> {
            throw new IllegalStateException("the store cannot be written now: " + why);
        });
        var mapper = new ModuleConfigMapper(next);
        var tokens = mapper.tokenCodec(modules.store().instance());
        var listener = modules.listener().prepare(next.listener().server());
        var changed = connections(next, renewed);
        var sinks = modules.forwarder().prepare(mapper.forwarder(), sinks(next, renewed));
        try {
            var clients = modules.clients().openAll(mapper, changed);
            return new ModuleChange(next, tokens, listener, sinks, clients);
        } catch (RuntimeException | Error failed) {
            sinks.close();
            throw failed;
        }
    }

    /// Returns the connections that need a new client: changed settings or files, a corrected SID, and for
    /// autodiscover other groups.
    private Set<String> connections(TidemarkConfig next, Set<String> renewed) {
        return next.connections().keySet().stream()
                .filter(name -> isNewOrChanged(name, next) || isRenewed("connections." + name, renewed))
                .collect(Collectors.toSet());
    }

    private boolean isNewOrChanged(String name, TidemarkConfig next) {
        var before = running.connections().get(name);
        var after = Objects.requireNonNull(next.connections().get(name));
        return before == null
                || !before.client().equals(after.client())
                || after.hasCorrectedSids(before)
                || !before.autodiscover().equals(after.autodiscover())
                || (after.autodiscover().isPresent() && !groups(name, running).equals(groups(name, next)));
    }

    private static Set<String> groups(String connection, TidemarkConfig config) {
        return config.groups().stream()
                .filter(group -> group.connection().equals(connection))
                .map(GroupConfigSection::name)
                .collect(Collectors.toSet());
    }

    private static Set<SinkName> sinks(TidemarkConfig next, Set<String> renewed) {
        return next.sinks().stream()
                .map(sink -> sink.name())
                .filter(name -> isRenewed("sinks." + name, renewed))
                .collect(Collectors.toSet());
    }

    private static boolean isRenewed(String section, Set<String> renewed) {
        return renewed.stream().anyMatch(key -> key.startsWith(section + "."));
    }

    /// Returns true if the group expands the same distribution groups as in the configuration in use.
    boolean expands(GroupConfigSection group) {
        return running.groups().stream()
                .anyMatch(each ->
                        each.name().equals(group.name()) && each.mailboxesFrom().equals(group.mailboxesFrom()));
    }

    private void apply(ModuleChange change) {
        var next = change.next;
        var mapper = new ModuleConfigMapper(next);
        // writes to the store, so it may fail
        modules.store().details().setGroups(mapper.detailedGroups());
        change.sinks.apply();
        modules.tokens().useKeysOf(change.tokens);
        modules.lookups()
                .setUrls(
                        mapper.callbackUrls(modules.tokens(), modules.listener().port()));
        modules.clients().useSids(next);
        modules.lookups().setConnections(mapper.connectionOfGroup());
        modules.subscriber().reconfigure(mapper.subscriber(modules.listener().port()), change.takeClients());
        running = next.withoutMailboxes();
        change.listener.run();
        if (!next.admin().tokens().isEmpty()) {
            modules.gate().replace(next.admin().tokens());
        }
        change.changes =
                new MailboxReconciler(modules.store().mailboxes(), modules.mailboxWrites()).reconcile(next.groups());
        change.sinks.complete();
        modules.compensator()
                .recheck(group -> change.renewed.contains(modules.lookups().connectionOf(group)));
    }

    /// Change that is ready to be applied. Not thread-safe.
    private final class ModuleChange implements PreparedReload {
        private final TidemarkConfig next;
        private final CallbackTokenCodec tokens;
        private final Runnable listener;
        private final PreparedSinks sinks;
        private final Map<String, EwsClient> clients;
        private final Set<String> renewed;
        private MailboxChanges changes = MailboxChanges.NONE;

        private ModuleChange(
                TidemarkConfig next,
                CallbackTokenCodec tokens,
                Runnable listener,
                PreparedSinks sinks,
                Map<String, EwsClient> clients) {
            this.next = next;
            this.tokens = tokens;
            this.listener = listener;
            this.sinks = sinks;
            this.clients = new HashMap<>(clients);
            this.renewed = Set.copyOf(clients.keySet());
        }

        private Map<String, EwsClient> takeClients() {
            var taken = Map.copyOf(clients);
            clients.clear();
            return taken;
        }

        @Override
        public MailboxChanges apply() {
            DaemonModules.this.apply(this);
            return changes;
        }

        @Override
        public void close() {
            sinks.close();
            clients.values().forEach(EwsClient::close);
        }
    }
}
