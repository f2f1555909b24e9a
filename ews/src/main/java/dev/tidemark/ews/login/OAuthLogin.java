package dev.tidemark.ews.login;

import dev.tidemark.ews.message.EwsError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows the bearer token of one client. The token is kept, replaced before it ends, and fetched by one
/// thread at a time, while the others go on with the one that still holds.
public final class OAuthLogin implements HttpLogin.PerRequest {
    private static final Logger LOG = LoggerFactory.getLogger(OAuthLogin.class);

    private static final Duration EARLY = Duration.ofMinutes(5);

    /// Requests in between get the same failure: an authority that receives a request for each of ten thousand
    /// mailboxes refuses all of them. The failure carries a longer wait that the authority asks for; the caller
    /// obeys it.
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    /// A token that the server refuses is replaced so often at most.
    private static final Duration BETWEEN_DROPS = Duration.ofMinutes(1);

    /// Where tokens come from.
    public interface Source {
        Token fetch() throws LoginFailedException;
    }

    /// A token and how long it lasts from now on.
    public record Token(String value, Duration lifetime) {
        @Override
        public String toString() {
            return "Token[lifetime=" + lifetime + "]";
        }
    }

    private record Held(String authorization, Instant early, Instant end) {}

    private record Failed(LoginFailedException failure, Instant until) {}

    private final Source source;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Optional<Held> held = Optional.empty();
    private Optional<Failed> failed = Optional.empty();
    private Instant dropped = Instant.MIN;

    public OAuthLogin(Source source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public EwsError refused() {
        return new EwsError.PermanentForConnection(
                LoginErrors.REFUSED,
                "The server refuses the token; give the client the application role full_access_as_app, and compare"
                        + " scope and tenant in the connection's auth with what the server expects.");
    }

    @Override
    public Optional<String> authorization() throws LoginFailedException {
        var known = held;
        var now = clock.instant();
        if (known.isPresent() && now.isBefore(known.get().early())) {
            return known.map(Held::authorization);
        }
        if (known.isPresent() && now.isBefore(known.get().end())) {
            return Optional.of(refreshed(known.get()).authorization());
        }
        fetching.lock();
        try {
            return Optional.of(fetched().authorization());
        } finally {
            fetching.unlock();
        }
    }

    /// The old token is good until its end, whatever becomes of the attempt.
    private Held refreshed(Held old) {
        if (!fetching.tryLock()) {
            return old;
        }
        try {
            return fetched();
        } catch (LoginFailedException e) {
            LOG.debug("The token lasts until {}; it cannot be refreshed yet", old.end(), e);
            return old;
        } finally {
            fetching.unlock();
        }
    }

    private Held fetched() throws LoginFailedException {
        var now = clock.instant();
        if (held.isPresent() && now.isBefore(held.get().early())) {
            return held.get();
        }
        if (failed.isPresent() && now.isBefore(failed.get().until())) {
            throw failed.get().failure();
        }
        try {
            var token = source.fetch();
            failed = Optional.empty();
            var quarter = token.lifetime().dividedBy(4);
            var end = now.plus(token.lifetime());
            var fresh =
                    new Held("Bearer " + token.value(), end.minus(quarter.compareTo(EARLY) < 0 ? quarter : EARLY), end);
            held = Optional.of(fresh);
            return fresh;
        } catch (LoginFailedException e) {
            LOG.warn("No token: {}", e.getMessage());
            failed = Optional.of(new Failed(e, now.plus(AFTER_FAILURE)));
            throw e;
        }
    }

    @Override
    public boolean renews(Optional<String> authorization) {
        fetching.lock();
        try {
            if (held.filter(each -> authorization.equals(Optional.of(each.authorization())))
                    .isEmpty()) {
                // another thread saw it first
                return true;
            }
            var now = clock.instant();
            if (!dropped.equals(Instant.MIN) && now.isBefore(dropped.plus(BETWEEN_DROPS))) {
                return false;
            }
            dropped = now;
            held = Optional.empty();
            return true;
        } finally {
            fetching.unlock();
        }
    }
}
