package dev.tidemark.daemon;

import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.tracing.EventTracer;
import java.util.concurrent.locks.ReentrantLock;

/// Store, the membership of this node in the cluster that shares it, and the lookups of other modules beside it.
///
/// @param mailboxWrites held for each write to the list of mailboxes
record StorageSide(
        CopyableStore store,
        FolderNameCache names,
        GroupLookups lookups,
        ReentrantLock mailboxWrites,
        ClusterMembership cluster) {
    /// Opens the store and joins the cluster.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot be opened
    static StorageSide open(StartContext start) {
        var names = new FolderNameCache();
        var lookups = new GroupLookups(start.mapper().connectionOfGroup());
        var store = start.add(StoreOpener.open(start.config().store(), names, lookups::connectionOf, start.clock()));
        start.mapper().requireName(store.instance());
        var cluster = start.add(ClusterMembership.join(start.config(), store, start.clock()));
        return new StorageSide(store, names, lookups, new ReentrantLock(), cluster);
    }

    /// Makes the store keep the mailboxes and details that the configuration names.
    void configure(StartContext start) {
        new MailboxReconciler(store.mailboxes(), mailboxWrites)
                .reconcile(start.config().groups());
        store.details().setGroups(start.mapper().detailedGroups());
    }

    /// Starts the deliveries.
    EventForwarder startForwarder(StartContext start, EventTracer tracer) {
        var forwarder = start.add(cluster.startForwarder(start.mapper().forwarder(), store, start.clocks(), tracer));
        start.stop().onStop(forwarder::beginStop);
        start.stop().onStop(cluster::beginStop);
        return forwarder;
    }
}
