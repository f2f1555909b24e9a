package dev.tidemark.daemon.metrics;

import dev.tidemark.subscriber.MailboxSubscriber;

/// Metrics of subscriptions and resyncs.
record SubscriberMetrics(MailboxSubscriber subscriber) implements MetricSource {
    @Override
    public void collect(MetricPage page) {
        var counters = subscriber.counters();
        page.counter("subscriptions_made", "Subscriptions that Exchange granted.", counters.subscribed());
        page.counter("resyncs", "Completed resyncs.", counters.resynced());
        page.counter("fallback_polls", "Polls of mailboxes without working push.", counters.polled());
        var resyncs = subscriber.resyncCounters();
        page.counter("resync_pages", "Pages that resyncs read.", resyncs.pages());
        page.counter("resync_changes", "Changes on the pages that resyncs read.", resyncs.changes());
        page.gauge("resyncs_under_way", "Resyncs that are in progress or interrupted.", resyncs.inProgress());
    }
}
