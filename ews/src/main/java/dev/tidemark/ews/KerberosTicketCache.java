package dev.tidemark.ews;

import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.ConnectionConfig.KerberosSecret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/// Caches the tickets of one principal. Fetches them on demand, and again before they expire, on one thread at
/// a time. Thread-safe.
final class KerberosTicketCache {
    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";
    private static final Duration REFRESH_MARGIN = Duration.ofMinutes(5);

    /// Minimum time between two drops. A refused service ticket may predate a new password of the service. But
    /// a service that refuses permanently must not cost the KDC one login per request.
    private static final Duration MIN_DROP_INTERVAL = Duration.ofMinutes(1);

    private final Auth.Kerberos auth;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private Optional<CachedTickets> cached = Optional.empty();
    private Instant droppedAt = Instant.MIN;

    /// Tickets, to be replaced from `refreshAt` on.
    private record CachedTickets(Subject subject, Instant refreshAt) {}

    KerberosTicketCache(Auth.Kerberos auth, Clock clock) {
        this.auth = auth;
        this.clock = clock;
        // the JVM supports one such file
        auth.krb5Conf().ifPresent(file -> System.setProperty("java.security.krb5.conf", file.toString()));
    }

    Subject current() throws LoginFailedException {
        fetching.lock();
        try {
            var now = clock.instant();
            if (cached.filter(each -> now.isBefore(each.refreshAt())).isEmpty()) {
                cached = Optional.of(fetch(now));
            }
            return cached.orElseThrow().subject();
        } finally {
            fetching.unlock();
        }
    }

    /// Drops the tickets, so the next login fetches new ones.
    void drop() {
        fetching.lock();
        try {
            var now = clock.instant();
            if (droppedAt.equals(Instant.MIN) || now.isAfter(droppedAt.plus(MIN_DROP_INTERVAL))) {
                droppedAt = now;
                cached = Optional.empty();
            }
        } finally {
            fetching.unlock();
        }
    }

    private CachedTickets fetch(Instant now) throws LoginFailedException {
        try {
            var subject = new Subject();
            new LoginContext("tidemark", subject, this::answerCallbacks, configuration()).login();
            var end = subject.getPrivateCredentials(KerberosTicket.class).stream()
                    .map(KerberosTicket::getEndTime)
                    .map(java.util.Date::toInstant)
                    .min(Instant::compareTo)
                    .orElse(now);
            var quarter = Duration.between(now, end).dividedBy(4);
            return new CachedTickets(
                    subject, end.minus(quarter.compareTo(REFRESH_MARGIN) < 0 ? quarter : REFRESH_MARGIN));
        } catch (LoginException e) {
            throw new LoginFailedException(KerberosErrorClassifier.forLogin(e, auth.principal()), e);
        }
    }

    private void answerCallbacks(Callback[] callbacks) {
        for (var callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(auth.principal());
            } else if (callback instanceof PasswordCallback password
                    && auth.secret() instanceof KerberosSecret.Password known) {
                password.setPassword(known.value().toCharArray());
            }
        }
    }

    private Configuration configuration() {
        var options = new HashMap<>(Map.of(
                "principal",
                auth.principal(),
                "isInitiator",
                "true",
                "refreshKrb5Config",
                "true",
                "storeKey",
                "false"));
        switch (auth.secret()) {
            case KerberosSecret.Keytab keytab ->
                options.putAll(
                        Map.of("useKeyTab", "true", "keyTab", keytab.path().toString(), "doNotPrompt", "true"));
            case KerberosSecret.Password ignored -> {}
        }
        var entry = new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options);
        return new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(@Nullable String name) {
                return new AppConfigurationEntry[] {entry};
            }
        };
    }
}
