package dev.tidemark.ews;

import dev.tidemark.ews.codec.UserSettingsCodec;
import dev.tidemark.ews.login.ConnectionConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.UserSettings;
import dev.tidemark.ews.message.UserSettingsResult;
import dev.tidemark.http.WebHost;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Finds the EWS addresses of mailboxes by the SOAP autodiscover service of one organization. Follows HTTP
/// redirects and redirects by address and by URL, at most [#MAX_HOPS] of them. Sends credentials to trusted
/// hosts only. Each call blocks its caller. Thread-safe.
public final class AutodiscoverClient implements AutoCloseable {
    private static final int MOST_HOPS = 10;

    private final AutodiscoverConfig config;
    private final Function<ConnectionConfig, HttpEwsClient> connect;
    private final Map<URI, HttpEwsClient> services = new ConcurrentHashMap<>();

    /// @param connect creates the client of one address; [#close] closes these clients
    public AutodiscoverClient(AutodiscoverConfig config, Function<ConnectionConfig, HttpEwsClient> connect) {
        this.config = config;
        this.connect = connect;
    }

    /// Request to send: the service, and the requested address of each mailbox by the address to ask for.
    private record LocateRequest(URI service, Map<MailboxAddress, MailboxAddress> aliases, int hops) {
        LocateRequest at(URI other) {
            return new LocateRequest(other, aliases, hops + 1);
        }
    }

    /// Service and address to ask instead.
    private record Redirection(URI service, MailboxAddress address) {}

    /// Returns the location of each mailbox, in any order. Returns an error if the service gives no response
    /// for any of them.
    ///
    /// @param mailboxes at most as many as one request may name
    public EwsResult<List<AutodiscoverResult>> locate(List<MailboxAddress> mailboxes) {
        var found = new ArrayList<AutodiscoverResult>();
        var errands = new ArrayDeque<LocateRequest>();
        var asked = new HashSet<String>();
        var aliases = new LinkedHashMap<MailboxAddress, MailboxAddress>();
        mailboxes.forEach(mailbox -> aliases.put(mailbox, mailbox));
        errands.add(new LocateRequest(config.connection().url(), aliases, 0));
        while (!errands.isEmpty()) {
            var errand = errands.remove();
            var error = run(errand, errands, found, asked);
            if (error.isPresent() && errand.hops() == 0) {
                return new EwsResult.Refused<>(error.get());
            }
            error.ifPresent(cause -> errand.aliases()
                    .values()
                    .forEach(mailbox -> found.add(new AutodiscoverResult.Unknown(mailbox, cause))));
        }
        return new EwsResult.Success<>(found);
    }

    private Optional<EwsError> run(
            LocateRequest errand, Deque<LocateRequest> errands, List<AutodiscoverResult> found, Set<String> asked) {
        if (!config.trusts(errand.service())) {
            errand.aliases().values().forEach(mailbox -> found.add(elsewhere(mailbox, errand.service())));
            return Optional.empty();
        }
        if (errand.hops() > MOST_HOPS
                || !asked.add(errand.service() + " " + errand.aliases().keySet())) {
            return Optional.of(roundabout());
        }
        var addresses = List.copyOf(errand.aliases().keySet());
        var answer = service(errand.service())
                .userSettings(
                        addresses.getFirst(),
                        UserSettingsCodec.write(
                                errand.service(), addresses, config.connection().serverVersion()));
        return switch (answer) {
            case EwsResult.Refused<UserSettingsResult> refused -> Optional.of(refused.error());
            case EwsResult.Success<UserSettingsResult>(UserSettingsResult.Redirected moved) -> {
                errands.add(errand.at(errand.service().resolve(moved.location())));
                yield Optional.empty();
            }
            case EwsResult.Success<UserSettingsResult>(UserSettingsResult.Answered told) ->
                sort(errand, addresses, told.settings(), errands, found);
        };
    }

    private Optional<EwsError> sort(
            LocateRequest errand,
            List<MailboxAddress> addresses,
            UserSettings settings,
            Deque<LocateRequest> errands,
            List<AutodiscoverResult> found) {
        if (!settings.code().equals(UserSettings.NO_ERROR)) {
            return Optional.of(AutodiscoverErrorClassifier.to(settings.code(), settings.text()));
        }
        if (settings.users().size() != addresses.size()) {
            return unmatched(errand, errands);
        }
        var elsewhere = new LinkedHashMap<URI, Map<MailboxAddress, MailboxAddress>>();
        for (var i = 0; i < addresses.size(); i++) {
            var asked = addresses.get(i);
            var mailbox = Objects.requireNonNull(errand.aliases().get(asked));
            var user = settings.users().get(i);
            redirection(errand.service(), asked, user)
                    .ifPresentOrElse(
                            to -> elsewhere
                                    .computeIfAbsent(to.service(), ignored -> new LinkedHashMap<>())
                                    .put(to.address(), mailbox),
                            () -> found.add(located(mailbox, user)));
        }
        elsewhere.forEach((service, aliases) -> errands.add(new LocateRequest(service, aliases, errand.hops() + 1)));
        return Optional.empty();
    }

    /// Asks for each mailbox separately if the response names another number of users than the request. Users
    /// come in the order asked and carry no address, so only the number shows that one is missing.
    private static Optional<EwsError> unmatched(LocateRequest errand, Deque<LocateRequest> errands) {
        if (errand.aliases().size() == 1) {
            return Optional.of(HttpErrorClassifier.toUnreadable("it names other users than the request."));
        }
        errand.aliases()
                .forEach((address, mailbox) ->
                        errands.add(new LocateRequest(errand.service(), Map.of(address, mailbox), errand.hops() + 1)));
        return Optional.empty();
    }

    private static Optional<Redirection> redirection(URI service, MailboxAddress asked, UserSettings.User user) {
        try {
            return switch (user.code()) {
                case "RedirectAddress" ->
                    user.target().map(address -> new Redirection(service, new MailboxAddress(address)));
                case "RedirectUrl" -> user.target().map(target -> new Redirection(service.resolve(target), asked));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    private AutodiscoverResult located(MailboxAddress mailbox, UserSettings.User user) {
        if (!user.code().equals(UserSettings.NO_ERROR)) {
            return new AutodiscoverResult.Unknown(mailbox, AutodiscoverErrorClassifier.to(user.code(), user.text()));
        }
        try {
            return user.ewsUrl()
                    .map(URI::create)
                    .<AutodiscoverResult>map(url -> config.trusts(url)
                            ? new AutodiscoverResult.At(mailbox, url, user.grouping())
                            : elsewhere(mailbox, url))
                    .orElseGet(() ->
                            new AutodiscoverResult.Unknown(mailbox, AutodiscoverErrorClassifier.to("NoEwsUrl", "")));
        } catch (IllegalArgumentException noAddress) {
            return new AutodiscoverResult.Unknown(mailbox, AutodiscoverErrorClassifier.to("NoEwsUrl", ""));
        }
    }

    private static AutodiscoverResult elsewhere(MailboxAddress mailbox, URI address) {
        var host = WebHost.textIn(address);
        return new AutodiscoverResult.Elsewhere(
                mailbox, "https".equalsIgnoreCase(address.getScheme()) ? host : address.getScheme() + "://" + host);
    }

    private static EwsError roundabout() {
        return AutodiscoverErrorClassifier.to("Roundabout", "");
    }

    private HttpEwsClient service(URI address) {
        return services.computeIfAbsent(
                address, each -> connect.apply(config.connection().at(each)));
    }

    /// Lets the next request to each service use credentials that were refused recently.
    public void showCredentialsAgain() {
        services.values().forEach(HttpEwsClient::showCredentialsAgain);
    }

    @Override
    public void close() {
        services.values().forEach(HttpEwsClient::close);
    }
}
