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

/// Where the mailboxes of one organisation are served: kept in the store, asked of autodiscover for many at
/// once, and asked again where it is in doubt or old. Safe for use by many threads; one asks at a time.
public final class MailboxLocator implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MailboxLocator.class);

    private static final String RELOCATED = "mailbox.relocated";

    private final Settings settings;
    private final AutodiscoverClient autodiscover;
    private final WatermarkStore store;
    private final Clock clock;
    private final Set<MailboxAddress> doubtful = ConcurrentHashMap.newKeySet();
    /// what autodiscover said of mailboxes that it gave no address for, so that the others' requests leave
    /// them out
    private final Map<MailboxAddress, EwsError> unknown = new ConcurrentHashMap<>();
    private final Map<MailboxAddress, String> reported = new ConcurrentHashMap<>();

    /// What it is set to.
    ///
    /// @param connection the connection's name
    /// @param groups the groups whose mailboxes are on it
    /// @param refresh how old an answer may become, if it may not stay for ever
    /// @param batch how many mailboxes one request names at most
    public record Settings(String connection, Set<String> groups, Optional<Duration> refresh, int batch) {
        public Settings {
            groups = Set.copyOf(groups);
        }
    }

    /// `autodiscover` is closed with this.
    public MailboxLocator(Settings settings, AutodiscoverClient autodiscover, WatermarkStore store, Clock clock) {
        this.settings = settings;
        this.autodiscover = autodiscover;
        this.store = store;
        this.clock = clock;
    }

    /// Where the mailbox is served, by what is known, else by asking.
    EwsResult<URI> locate(MailboxAddress mailbox) {
        return known(mailbox)
                .<EwsResult<URI>>map(place -> new EwsResult.Success<>(place.url()))
                .orElseGet(() -> ask(mailbox));
    }

    /// What is known of the mailbox is asked for again before it is used.
    void doubt(MailboxAddress mailbox) {
        doubtful.add(mailbox);
    }

    /// Returns whether there is something to refresh.
    boolean isAnyOld() {
        return !old().isEmpty();
    }

    private List<MailboxAddress> old() {
        var now = clock.instant();
        return addresses(mailbox -> store.whereabouts()
                .find(mailbox.id())
                .filter(place -> isOld(place, now))
                .isPresent());
    }

    /// Refreshes outdated settings, at most as many as one request may name. Returns their number.
    synchronized EwsResult<Integer> refresh() {
        var old = old();
        return old.isEmpty()
                ? new EwsResult.Success<>(0)
                : switch (discover(old)) {
                    case EwsResult.Success<List<AutodiscoverResult>> ignored -> new EwsResult.Success<>(old.size());
                    case EwsResult.Refused<List<AutodiscoverResult>> refused ->
                        new EwsResult.Refused<>(refused.error());
                };
    }

    private boolean isOld(MailboxLocation place, Instant now) {
        return settings.refresh()
                .filter(refresh -> place.takenAt().plus(refresh).isBefore(now))
                .isPresent();
    }

    /// What is known without asking.
    Optional<MailboxLocation> known(MailboxAddress mailbox) {
        return doubtful.contains(mailbox)
                ? Optional.empty()
                : store.mailboxes()
                        .find(mailbox)
                        .flatMap(each -> store.whereabouts().find(each.id()));
    }

    /// Others that nothing is known of are asked for with it; they are about to be needed.
    private synchronized EwsResult<URI> ask(MailboxAddress mailbox) {
        var meanwhile = known(mailbox);
        if (meanwhile.isPresent()) {
            return new EwsResult.Success<>(meanwhile.get().url());
        }
        var batch = new LinkedHashSet<MailboxAddress>();
        batch.add(mailbox);
        addresses(other -> known(other.address()).isEmpty() && !unknown.containsKey(other.address())).stream()
                .limit(settings.batch() - 1L)
                .forEach(batch::add);
        if (discover(List.copyOf(batch)) instanceof EwsResult.Refused<List<AutodiscoverResult>>(EwsError error)) {
            return new EwsResult.Refused<>(error);
        }
        return known(mailbox)
                .<EwsResult<URI>>map(place -> new EwsResult.Success<>(place.url()))
                .orElseGet(() -> new EwsResult.Refused<>(
                        Optional.ofNullable(unknown.get(mailbox)).orElseGet(() -> unsaid(mailbox))));
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
            var places = new HashMap<MailboxId, MailboxLocation>();
            located.forEach(each -> store.mailboxes()
                    .find(each.mailbox())
                    .ifPresent(mailbox -> take(mailbox, each).ifPresent(place -> places.put(mailbox.id(), place))));
            store.whereabouts().put(places);
            log.debug(
                    "Autodiscover of {} told where {} of {} mailboxes are",
                    settings.connection(),
                    places.size(),
                    mailboxes.size());
        }
        return answer;
    }

    /// The place to keep. One that is known stays, only not asked for again soon, where there is no better one.
    private Optional<MailboxLocation> take(Mailbox mailbox, AutodiscoverResult located) {
        var before = store.whereabouts().find(mailbox.id());
        return switch (located) {
            case AutodiscoverResult.At at -> {
                doubtful.remove(mailbox.address());
                unknown.remove(mailbox.address());
                reported.remove(mailbox.address());
                before.filter(place -> !place.url().equals(at.url())).ifPresent(place -> moved(mailbox, place, at));
                yield Optional.of(new MailboxLocation(at.url(), at.grouping(), clock.instant()));
            }
            case AutodiscoverResult.Elsewhere elsewhere -> {
                unknown.put(mailbox.address(), relocated(mailbox, elsewhere.host()));
                yield before.map(this::keptFor);
            }
            case AutodiscoverResult.Unknown nowhere -> {
                unknown.put(mailbox.address(), nowhere.error());
                yield before.map(this::keptFor);
            }
        };
    }

    private MailboxLocation keptFor(MailboxLocation place) {
        return new MailboxLocation(place.url(), place.grouping(), clock.instant());
    }

    /// The subscription stayed behind.
    private void moved(Mailbox mailbox, MailboxLocation from, AutodiscoverResult.At to) {
        log.info("{} is served at {} now, no longer at {}", mailbox.address(), to.url(), from.url());
        report(mailbox, WebHost.hostIn(to.url()).orElse(""), true);
        if (mailbox.live().isPresent()) {
            var next = new PendingCompensation(SubscribeReason.ERROR, clock.instant(), false, "served elsewhere");
            store.subscriptions().owe(mailbox.id(), next);
        }
    }

    private EwsError relocated(Mailbox mailbox, String host) {
        if (!host.equals(reported.put(mailbox.address(), host))) {
            log.warn("{} is said to be served at {}, where credentials must not go", mailbox.address(), host);
            report(mailbox, host, false);
        }
        return new EwsError.PermanentForMailbox(
                new ResponseCode("MailboxRelocated"),
                mailbox.address() + " is said to be served at " + host + ", where the credentials of connection "
                        + settings.connection() + " must not go; if it is right, add the host to its"
                        + " autodiscover.allowed-hosts.");
    }

    private void report(Mailbox mailbox, String host, boolean followed) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("host", host);
        fields.put("followed", followed);
        store.journal().appendMailboxEvent(mailbox.id(), RELOCATED, fields);
    }

    private static EwsError unsaid(MailboxAddress mailbox) {
        return new EwsError.RetryAfter(
                new ResponseCode("AutodiscoverIncomplete"),
                "Autodiscover said nothing about " + mailbox + ".",
                Optional.empty());
    }

    void showCredentialsAgain() {
        autodiscover.retryCredentials();
    }

    @Override
    public void close() {
        autodiscover.close();
    }
}
