package dev.tidemark.subscriber;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Mailboxes of one stream, with their streaming subscriptions. Thread-safe.
final class StreamMembers {
    private final Clock clock;
    private final Map<MailboxId, Member> members = new LinkedHashMap<>();

    /// Mailbox of the stream.
    ///
    /// @param subscription current subscription, if any
    /// @param notBefore time of the next subscribe request, if there is none
    record Member(MailboxJob job, Optional<SubscriptionId> subscription, Instant notBefore) {
        boolean isPending(Instant now) {
            return subscription.isEmpty() && !now.isBefore(notBefore);
        }
    }

    StreamMembers(Clock clock) {
        this.clock = clock;
    }

    synchronized int size() {
        return members.size();
    }

    synchronized void add(MailboxJob job) {
        members.put(job.id(), new Member(job, Optional.empty(), Instant.MIN));
    }

    synchronized Optional<Member> remove(MailboxId mailbox) {
        return Optional.ofNullable(members.remove(mailbox));
    }

    synchronized void setSubscription(Member member, SubscriptionId subscription) {
        members.replace(member.job().id(), new Member(member.job(), Optional.of(subscription), member.notBefore()));
    }

    /// Schedules the next subscribe request, unless [#retryNow] was called since the mailbox was found pending.
    synchronized void scheduleRetry(Member member, Instant notBefore) {
        members.replace(member.job().id(), member, new Member(member.job(), Optional.empty(), notBefore));
    }

    /// Makes the mailbox pending at once if it has no subscription.
    synchronized void retryNow(MailboxId mailbox) {
        members.computeIfPresent(
                mailbox,
                (id, member) -> member.subscription().isPresent()
                        ? member
                        : new Member(member.job(), Optional.empty(), clock.instant()));
    }

    /// Removes these subscriptions; all of them if the list is empty.
    synchronized void dropSubscriptions(List<SubscriptionId> gone) {
        members.replaceAll((id, member) ->
                gone.isEmpty() || member.subscription().filter(gone::contains).isPresent()
                        ? new Member(member.job(), Optional.empty(), clock.instant())
                        : member);
    }

    /// Returns the members to subscribe now.
    synchronized List<Member> pending() {
        var now = clock.instant();
        return members.values().stream().filter(member -> member.isPending(now)).toList();
    }

    /// Returns whether a member can be subscribed now.
    synchronized boolean hasPending(Instant now) {
        return members.values().stream().anyMatch(member -> member.isPending(now));
    }

    synchronized List<SubscriptionId> subscriptions() {
        return members.values().stream()
                .flatMap(member -> member.subscription().stream())
                .toList();
    }

    synchronized Optional<Member> findBySubscription(SubscriptionId subscription) {
        return members.values().stream()
                .filter(member ->
                        member.subscription().filter(subscription::equals).isPresent())
                .findFirst();
    }

    synchronized Optional<Member> first() {
        return members.values().stream().findFirst();
    }

    synchronized List<MailboxId> mailboxes() {
        return List.copyOf(members.keySet());
    }

    synchronized Collection<MailboxAddress> addresses() {
        return members.values().stream()
                .filter(member -> member.subscription().isPresent())
                .map(member -> member.job().address())
                .toList();
    }
}
