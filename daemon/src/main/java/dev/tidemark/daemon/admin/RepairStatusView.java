package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.RecoveryProgress;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.ResyncProgress;
import java.util.LinkedHashMap;
import java.util.Map;

/// Renders compensations, resyncs and snapshots in progress for `GET /api/v1/status`.
record RepairStatusView(WatermarkStore store, Compensator compensator, MailboxSubscriber subscriber) {
    /// Limit of listed resyncs.
    private static final int MAX_RESYNCS = 20;

    Map<String, Object> compensations() {
        var counters = compensator.counters();
        var tree = new LinkedHashMap<String, Object>();
        tree.put("due", counters.due());
        tree.put("underWay", counters.inFlight());
        tree.put("recovery", compensator.recovery().map(RepairStatusView::tree));
        return tree;
    }

    private static Map<String, Object> tree(RecoveryProgress recovery) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("since", recovery.since());
        tree.put("done", recovery.done());
        tree.put("remaining", recovery.remaining());
        tree.put("expectedEnd", recovery.expectedEnd());
        return tree;
    }

    Map<String, Object> resyncs() {
        var counters = subscriber.resyncCounters();
        var tree = new LinkedHashMap<String, Object>();
        tree.put("underWay", counters.inProgress());
        tree.put("pages", counters.pages());
        tree.put("changes", counters.changes());
        tree.put(
                "longest",
                subscriber.longestResyncs(MAX_RESYNCS).entrySet().stream()
                        .map(each -> named(each.getKey(), each.getValue()))
                        .toList());
        return tree;
    }

    private Map<String, Object> named(MailboxId id, ResyncProgress progress) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("id", id.value());
        tree.put("address", store.mailboxes().find(id).map(Mailbox::address).map(each -> each.value()));
        tree.putAll(tree(progress));
        return tree;
    }

    Map<String, Object> upkeep() {
        var counters = compensator.upkeepCounters();
        var tree = new LinkedHashMap<String, Object>();
        tree.put("snapshots", counters.snapshots());
        tree.put("aging", counters.aging());
        tree.put("underWay", counters.inFlight());
        tree.put("done", counters.done());
        return tree;
    }

    static Map<String, Object> tree(ResyncProgress progress) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("startedAt", progress.startedAt());
        tree.put("folders", progress.folders());
        tree.put("foldersRead", progress.foldersRead());
        tree.put("pages", progress.pages());
        tree.put("changes", progress.changes());
        tree.put("created", progress.found().created());
        tree.put("modified", progress.found().modified());
        tree.put("deleted", progress.found().deleted());
        return tree;
    }
}
