package dev.tidemark.ews;

import dev.tidemark.ews.codec.UserSettingsCodec;
import dev.tidemark.ews.config.AutodiscoverConfig;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.UserSettings;
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
    private static final int MAX_HOPS = 10;

    private final AutodiscoverConfig config;
    private final Function<ConnectionConfig, HttpEwsClient> connect;
    private final Map<URI, HttpEwsClient> services = new ConcurrentHashMap<>();

    /// Creates a client. `connect` creates the client of one address; [#close] closes these clients.
    public AutodiscoverClient(AutodiscoverConfig config, Function<ConnectionConfig, HttpEwsClient> connect) {
        this.config = config;
        this.connect = connect;
    }

    /// Request to send: the service, and the requested address of each mailbox by the address to ask for.
    private record LocateRequest(URI service, Map<MailboxAddress, MailboxAddress> aliases, int hops) {
        LocateRequest redirectedTo(URI other) {
            return new LocateRequest(other, aliases, hops + 1);
        }
    }

    /// Service and address to ask instead.
    private record Redirection(URI service, MailboxAddress address) {}

    /// Returns the location of each mailbox, in any order. Returns an error if the service answers for none of
    /// them.
    ///
    /// @param mailboxes at most as many as one request may name
    public EwsResult<List<AutodiscoverResult>> locate(List<MailboxAddress> mailboxes) {
        var found = new ArrayList<AutodiscoverResult>();
        var pending = new ArrayDeque<LocateRequest>();
        var asked = new HashSet<String>();
        var aliases = new LinkedHashMap<MailboxAddress, MailboxAddress>();
        mailboxes.forEach(mailbox -> aliases.put(mailbox, mailbox));
        pending.add(new LocateRequest(config.connection().url(), aliases, 0));
        while (!pending.isEmpty()) {
            var request = pending.remove();
            var error = run(request, pending, found, asked);
            if (error.isPresent() && request.hops() == 0) {
                return new EwsResult.Refused<>(error.get());
            }
            error.ifPresent(cause -> request.aliases()
                    .values()
                    .forEach(mailbox -> found.add(new AutodiscoverResult.Unknown(mailbox, cause))));
        }
        return new EwsResult.Success<>(found);
    }

    private Optional<EwsError> run(
            LocateRequest request, Deque<LocateRequest> pending, List<AutodiscoverResult> found, Set<String> asked) {
        if (!config.trusts(request.service())) {
            request.aliases().values().forEach(mailbox -> found.add(elsewhere(mailbox, request.service())));
            return Optional.empty();
        }
        if (request.hops() > MAX_HOPS
                || !asked.add(request.service() + " " + request.aliases().keySet())) {
            return Optional.of(redirectLoop());
        }
        var addresses = List.copyOf(request.aliases().keySet());
        var answer = service(request.service())
                .userSettings(
                        addresses.getFirst(),
                        UserSettingsCodec.write(
                                request.service(),
                                addresses,
                                config.connection().serverVersion()));
        return switch (answer) {
            case EwsResult.Refused<UserSettingsResult> refused -> Optional.of(refused.error());
            case EwsResult.Success<UserSettingsResult>(UserSettingsResult.Redirected moved) -> {
                pending.add(request.redirectedTo(request.service().resolve(moved.location())));
                yield Optional.empty();
            }
            case EwsResult.Success<UserSettingsResult>(UserSettingsResult.Answered answered) ->
                evaluate(request, addresses, answered.settings(), pending, found);
        };
    }

    private Optional<EwsError> evaluate(
            LocateRequest request,
            List<MailboxAddress> addresses,
            UserSettings settings,
            Deque<LocateRequest> pending,
            List<AutodiscoverResult> found) {
        if (!settings.code().equals(UserSettings.NO_ERROR)) {
            return Optional.of(AutodiscoverErrorClassifier.classify(settings.code(), settings.text()));
        }
        if (settings.users().size() != addresses.size()) {
            return askSeparately(request, pending);
        }
        var elsewhere = new LinkedHashMap<URI, Map<MailboxAddress, MailboxAddress>>();
        for (var i = 0; i < addresses.size(); i++) {
            var asked = addresses.get(i);
            var mailbox = Objects.requireNonNull(request.aliases().get(asked));
            var user = settings.users().get(i);
            redirection(request.service(), asked, user)
                    .ifPresentOrElse(
                            to -> elsewhere
                                    .computeIfAbsent(to.service(), ignored -> new LinkedHashMap<>())
                                    .put(to.address(), mailbox),
                            () -> found.add(located(mailbox, user)));
        }
        elsewhere.forEach((service, aliases) -> pending.add(new LocateRequest(service, aliases, request.hops() + 1)));
        return Optional.empty();
    }

    /// Asks for each mailbox separately if the response names another number of users than the request. Users
    /// come in the order asked and carry no address, so only the number shows that one is missing.
    private static Optional<EwsError> askSeparately(LocateRequest request, Deque<LocateRequest> pending) {
        if (request.aliases().size() == 1) {
            return Optional.of(HttpErrorClassifier.forUnreadable("it names other users than the request."));
        }
        request.aliases()
                .forEach((address, mailbox) -> pending.add(
                        new LocateRequest(request.service(), Map.of(address, mailbox), request.hops() + 1)));
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
            return new AutodiscoverResult.Unknown(
                    mailbox, AutodiscoverErrorClassifier.classify(user.code(), user.text()));
        }
        try {
            return user.ewsUrl()
                    .map(URI::create)
                    .<AutodiscoverResult>map(url -> config.trusts(url)
                            ? new AutodiscoverResult.At(mailbox, url, user.grouping())
                            : elsewhere(mailbox, url))
                    .orElseGet(() -> new AutodiscoverResult.Unknown(
                            mailbox, AutodiscoverErrorClassifier.classify("NoEwsUrl", "")));
        } catch (IllegalArgumentException noAddress) {
            return new AutodiscoverResult.Unknown(mailbox, AutodiscoverErrorClassifier.classify("NoEwsUrl", ""));
        }
    }

    private static AutodiscoverResult elsewhere(MailboxAddress mailbox, URI address) {
        var host = WebHost.textIn(address);
        return new AutodiscoverResult.Elsewhere(
                mailbox, "https".equalsIgnoreCase(address.getScheme()) ? host : address.getScheme() + "://" + host);
    }

    private static EwsError redirectLoop() {
        return AutodiscoverErrorClassifier.classify("Roundabout", "");
    }

    private HttpEwsClient service(URI address) {
        return services.computeIfAbsent(
                address, each -> connect.apply(config.connection().withUrl(each)));
    }

    /// Lets the next request to each service use credentials that were refused recently.
    public void retryCredentials() {
        services.values().forEach(HttpEwsClient::retryCredentials);
    }

    @Override
    public void close() {
        services.values().forEach(HttpEwsClient::close);
    }
}
