package dev.tidemark.subscriber.streaming;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.resync.MailboxJob;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The mailboxes that one stream serves, with their streaming subscriptions. Safe for use by many threads.
final class StreamMembers {
    private final Clock clock;
    private final Map<MailboxId, Member> riders = new LinkedHashMap<>();

    /// @param subscription while there is one
    /// @param notBefore when to subscribe it, if there is none
    record Member(MailboxJob job, Optional<SubscriptionId> subscription, Instant notBefore) {
        boolean isPending(Instant now) {
            return subscription.isEmpty() && !now.isBefore(notBefore);
        }
    }

    StreamMembers(Clock clock) {
        this.clock = clock;
    }

    synchronized int size() {
        return riders.size();
    }

    synchronized void add(MailboxJob job) {
        riders.put(job.id(), new Member(job, Optional.empty(), Instant.MIN));
    }

    synchronized Optional<Member> remove(MailboxId mailbox) {
        return Optional.ofNullable(riders.remove(mailbox));
    }

    synchronized void setSubscription(Member rider, SubscriptionId subscription) {
        riders.replace(rider.job().id(), new Member(rider.job(), Optional.of(subscription), rider.notBefore()));
    }

    /// Unless it was hurried since it was found pending: what it was refused for may be over.
    synchronized void scheduleRetry(Member rider, Instant notBefore) {
        riders.replace(rider.job().id(), rider, new Member(rider.job(), Optional.empty(), notBefore));
    }

    /// Has it tried now if it has no subscription, whenever it was to be.
    synchronized void retryNow(MailboxId mailbox) {
        riders.computeIfPresent(
                mailbox,
                (id, rider) -> rider.subscription().isPresent()
                        ? rider
                        : new Member(rider.job(), Optional.empty(), clock.instant()));
    }

    /// These subscriptions are gone; all of them, where none is named.
    synchronized void dropSubscriptions(List<SubscriptionId> gone) {
        riders.replaceAll((id, rider) ->
                gone.isEmpty() || rider.subscription().filter(gone::contains).isPresent()
                        ? new Member(rider.job(), Optional.empty(), clock.instant())
                        : rider);
    }

    /// Those to be subscribed now.
    synchronized List<Member> pending() {
        var now = clock.instant();
        return riders.values().stream().filter(rider -> rider.isPending(now)).toList();
    }

    /// Whether one has no subscription that could have one.
    synchronized boolean hasPending(Instant now) {
        return riders.values().stream().anyMatch(rider -> rider.isPending(now));
    }

    synchronized List<SubscriptionId> subscriptions() {
        return riders.values().stream()
                .flatMap(rider -> rider.subscription().stream())
                .toList();
    }

    synchronized Optional<Member> findBySubscription(SubscriptionId subscription) {
        return riders.values().stream()
                .filter(rider ->
                        rider.subscription().filter(subscription::equals).isPresent())
                .findFirst();
    }

    synchronized Optional<Member> first() {
        return riders.values().stream().findFirst();
    }

    synchronized List<MailboxId> mailboxes() {
        return List.copyOf(riders.keySet());
    }

    synchronized Collection<MailboxAddress> addresses() {
        return riders.values().stream()
                .filter(rider -> rider.subscription().isPresent())
                .map(rider -> rider.job().address())
                .toList();
    }
}
