package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.AutodiscoverClient;
import dev.tidemark.ews.AutodiscoverResult;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.http.WebHost;
import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Locates the mailboxes of one organization. Keeps locations in the store, and runs autodiscover for several
/// mailboxes at once if a location is missing, invalid or outdated. Thread-safe; one thread at a time runs
/// autodiscover.
public final class MailboxLocator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MailboxLocator.class);

    private static final String RELOCATED = "mailbox.relocated";

    private final Settings settings;
    private final AutodiscoverClient autodiscover;
    private final WatermarkStore store;
    private final Clock clock;
    private final Set<MailboxAddress> invalid = ConcurrentHashMap.newKeySet();
    /// errors of mailboxes without an address, so that later batches leave them out
    private final Map<MailboxAddress, EwsError> unknown = new ConcurrentHashMap<>();
    private final Map<MailboxAddress, String> reported = new ConcurrentHashMap<>();

    /// Settings of a locator.
    ///
    /// @param connection name of the connection
    /// @param groups groups whose mailboxes use it
    /// @param refresh maximum age of a location; empty for no limit
    /// @param batch limit of mailboxes in one request
    public record Settings(String connection, Set<String> groups, Optional<Duration> refresh, int batch) {
        public Settings {
            groups = Set.copyOf(groups);
        }
    }

    /// Creates a locator, which closes `autodiscover` when closed.
    public MailboxLocator(Settings settings, AutodiscoverClient autodiscover, WatermarkStore store, Clock clock) {
        this.settings = settings;
        this.autodiscover = autodiscover;
        this.store = store;
        this.clock = clock;
    }

    /// Returns the address of the mailbox, from the store or from autodiscover.
    EwsResult<URI> locate(MailboxAddress mailbox) {
        return known(mailbox)
                .<EwsResult<URI>>map(location -> new EwsResult.Success<>(location.url()))
                .orElseGet(() -> discoverWithOthers(mailbox));
    }

    /// Invalidates the location, so that the next use runs autodiscover.
    void invalidate(MailboxAddress mailbox) {
        invalid.add(mailbox);
    }

    /// Returns whether a location is outdated.
    boolean hasOutdated() {
        return !outdated().isEmpty();
    }

    private List<MailboxAddress> outdated() {
        var now = clock.instant();
        return addresses(mailbox -> store.locations()
                .find(mailbox.id())
                .filter(location -> isOutdated(location, now))
                .isPresent());
    }

    /// Refreshes outdated locations, at most one batch. Returns their number.
    synchronized EwsResult<Integer> refresh() {
        var old = outdated();
        return old.isEmpty()
                ? new EwsResult.Success<>(0)
                : switch (discover(old)) {
                    case EwsResult.Success<List<AutodiscoverResult>> ignored -> new EwsResult.Success<>(old.size());
                    case EwsResult.Refused<List<AutodiscoverResult>> refused ->
                        new EwsResult.Refused<>(refused.error());
                };
    }

    private boolean isOutdated(MailboxLocation location, Instant now) {
        return settings.refresh()
                .filter(refresh -> location.takenAt().plus(refresh).isBefore(now))
                .isPresent();
    }

    /// Returns the valid location in the store, if any. Sends no request.
    Optional<MailboxLocation> known(MailboxAddress mailbox) {
        return invalid.contains(mailbox)
                ? Optional.empty()
                : store.mailboxes()
                        .find(mailbox)
                        .flatMap(each -> store.locations().find(each.id()));
    }

    /// Runs autodiscover for the mailbox. Fills the batch with other unlocated mailboxes, which are needed soon.
    private synchronized EwsResult<URI> discoverWithOthers(MailboxAddress mailbox) {
        var locatedMeanwhile = known(mailbox);
        if (locatedMeanwhile.isPresent()) {
            return new EwsResult.Success<>(locatedMeanwhile.get().url());
        }
        var batch = new LinkedHashSet<MailboxAddress>();
        batch.add(mailbox);
        addresses(other -> known(other.address()).isEmpty() && !unknown.containsKey(other.address())).stream()
                .filter(other -> !other.equals(mailbox))
                .limit(settings.batch() - 1L)
                .forEach(batch::add);
        if (discover(List.copyOf(batch)) instanceof EwsResult.Refused<List<AutodiscoverResult>>(EwsError error)) {
            return new EwsResult.Refused<>(error);
        }
        return known(mailbox)
                .<EwsResult<URI>>map(location -> new EwsResult.Success<>(location.url()))
                .orElseGet(() -> new EwsResult.Refused<>(
                        Optional.ofNullable(unknown.get(mailbox)).orElseGet(() -> missingResult(mailbox))));
    }

    private List<MailboxAddress> addresses(Predicate<Mailbox> wanted) {
        return store.mailboxes().all().stream()
                .filter(mailbox ->
                        settings.groups().contains(mailbox.membership().group()))
                .filter(wanted)
                .map(Mailbox::address)
                .limit(settings.batch())
                .toList();
    }

    private EwsResult<List<AutodiscoverResult>> discover(List<MailboxAddress> mailboxes) {
        var answer = autodiscover.locate(mailboxes);
        if (answer instanceof EwsResult.Success<List<AutodiscoverResult>>(List<AutodiscoverResult> located)) {
            var locations = new HashMap<MailboxId, MailboxLocation>();
            located.forEach(each -> store.mailboxes()
                    .find(each.mailbox())
                    .ifPresent(mailbox -> locationToStore(mailbox, each)
                            .ifPresent(location -> locations.put(mailbox.id(), location))));
            store.locations().put(locations);
            log.debug(
                    "Autodiscover of connection {} located {} of {} mailboxes",
                    settings.connection(),
                    locations.size(),
                    mailboxes.size());
        }
        return answer;
    }

    /// Returns the location to store. If autodiscover gave no address, keeps the known location with the current
    /// time, so that it is not outdated.
    private Optional<MailboxLocation> locationToStore(Mailbox mailbox, AutodiscoverResult located) {
        var before = store.locations().find(mailbox.id());
        return switch (located) {
            case AutodiscoverResult.At at -> {
                invalid.remove(mailbox.address());
                unknown.remove(mailbox.address());
                reported.remove(mailbox.address());
                before.filter(location -> !location.url().equals(at.url()))
                        .ifPresent(location -> onMoved(mailbox, location, at));
                yield Optional.of(new MailboxLocation(at.url(), at.grouping(), clock.instant()));
            }
            case AutodiscoverResult.Elsewhere elsewhere -> {
                unknown.put(mailbox.address(), relocationError(mailbox, elsewhere.host()));
                yield before.map(this::refreshed);
            }
            case AutodiscoverResult.Unknown missing -> {
                unknown.put(mailbox.address(), missing.error());
                yield before.map(this::refreshed);
            }
        };
    }

    private MailboxLocation refreshed(MailboxLocation location) {
        return new MailboxLocation(location.url(), location.grouping(), clock.instant());
    }

    /// Schedules a new subscription, because the current one stayed at the old server.
    private void onMoved(Mailbox mailbox, MailboxLocation from, AutodiscoverResult.At to) {
        log.info("{} moved from {} to {}", mailbox.address(), from.url(), to.url());
        appendRelocated(mailbox, WebHost.hostIn(to.url()).orElse(""), Optional.empty());
        if (mailbox.live().isPresent()) {
            var next = new PendingCompensation(SubscribeReason.ERROR, clock.instant(), false, "served elsewhere");
            store.subscriptions().scheduleCompensation(mailbox.id(), next);
        }
    }

    private EwsError relocationError(Mailbox mailbox, String host) {
        var reason = "Autodiscover redirects " + mailbox.address() + " to " + host
                + ", which may not receive the credentials of connection " + settings.connection()
                + "; if the host is right, add it to autodiscover.allowed-hosts of the connection.";
        if (!host.equals(reported.put(mailbox.address(), host))) {
            log.warn(
                    "Autodiscover redirects {} to {}, which may not receive credentials; if the host is right, add it to"
                            + " autodiscover.allowed-hosts of the connection",
                    mailbox.address(),
                    host);
            appendRelocated(mailbox, host, Optional.of(reason));
        }
        return new EwsError.PermanentForMailbox(new ResponseCode("MailboxRelocated"), reason);
    }

    /// Reports that another host serves the mailbox.
    ///
    /// @param obstacle reason why Tidemark cannot follow the mailbox; empty if it follows
    private void appendRelocated(Mailbox mailbox, String host, Optional<String> obstacle) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("host", host);
        fields.put("followed", obstacle.isEmpty());
        fields.put("supported", obstacle.isEmpty());
        obstacle.ifPresent(reason -> fields.put("reason", reason));
        store.journal().appendMailboxEvent(mailbox.id(), RELOCATED, fields);
    }

    private static EwsError missingResult(MailboxAddress mailbox) {
        return new EwsError.RetryAfter(
                new ResponseCode("AutodiscoverIncomplete"),
                "Autodiscover returned no result for " + mailbox + ".",
                Optional.empty());
    }

    void retryCredentials() {
        autodiscover.retryCredentials();
    }

    @Override
    public void close() {
        autodiscover.close();
    }
}
