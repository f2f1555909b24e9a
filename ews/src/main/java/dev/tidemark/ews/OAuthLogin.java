package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the bearer token of one client. Caches the token and replaces it before it expires. One thread fetches
/// at a time; the others continue with the valid token. Thread-safe.
final class OAuthLogin implements HttpLogin.PerRequest {
    private static final Logger LOG = LoggerFactory.getLogger(OAuthLogin.class);

    private static final Duration REFRESH_MARGIN = Duration.ofMinutes(5);

    /// Time for which all requests get the same failure. An authority that receives a request for each of ten
    /// thousand mailboxes refuses all of them. If the authority asks for a longer delay, the failure carries it
    /// and the caller obeys.
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    /// Minimum time between two replacements of a token that the server refuses.
    private static final Duration MIN_DROP_INTERVAL = Duration.ofMinutes(1);

    /// Source of tokens.
    public interface Source {
        Token fetch() throws LoginFailedException;
    }

    /// Token with its remaining lifetime.
    public record Token(String value, Duration lifetime) {
        @Override
        public String toString() {
            return "Token[lifetime=" + lifetime + "]";
        }
    }

    private record CachedToken(String authorization, Instant refreshAt, Instant end) {}

    private record FailedFetch(LoginFailedException failure, Instant until) {}

    private final Source source;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Optional<CachedToken> cached = Optional.empty();
    private Optional<FailedFetch> failed = Optional.empty();
    private Instant droppedAt = Instant.MIN;

    public OAuthLogin(Source source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public EwsError refusalError() {
        return new EwsError.PermanentForConnection(
                LoginErrors.REFUSED,
                "The server refuses the token; give the client the application role full_access_as_app, and compare"
                        + " scope and tenant in the connection's auth with what the server expects.");
    }

    @Override
    public Optional<String> authorization() throws LoginFailedException {
        var known = cached;
        var now = clock.instant();
        if (known.isPresent() && now.isBefore(known.get().refreshAt())) {
            return known.map(CachedToken::authorization);
        }
        if (known.isPresent() && now.isBefore(known.get().end())) {
            return Optional.of(refresh(known.get()).authorization());
        }
        fetching.lock();
        try {
            return Optional.of(fetchIfNeeded().authorization());
        } finally {
            fetching.unlock();
        }
    }

    /// Returns a new token; the old one, if another thread fetches or the fetch fails. The old token stays
    /// valid until its end.
    private CachedToken refresh(CachedToken old) {
        if (!fetching.tryLock()) {
            return old;
        }
        try {
            return fetchIfNeeded();
        } catch (LoginFailedException e) {
            LOG.debug("Failed to refresh the token; it is valid until {}", old.end(), e);
            return old;
        } finally {
            fetching.unlock();
        }
    }

    private CachedToken fetchIfNeeded() throws LoginFailedException {
        var now = clock.instant();
        if (cached.isPresent() && now.isBefore(cached.get().refreshAt())) {
            return cached.get();
        }
        if (failed.isPresent() && now.isBefore(failed.get().until())) {
            throw failed.get().failure();
        }
        try {
            var fetched = source.fetch();
            failed = Optional.empty();
            var quarter = fetched.lifetime().dividedBy(4);
            var end = now.plus(fetched.lifetime());
            var token = new CachedToken(
                    "Bearer " + fetched.value(),
                    end.minus(quarter.compareTo(REFRESH_MARGIN) < 0 ? quarter : REFRESH_MARGIN),
                    end);
            cached = Optional.of(token);
            return token;
        } catch (LoginFailedException e) {
            LOG.warn("Failed to fetch a token: {}", e.getMessage());
            failed = Optional.of(new FailedFetch(e, now.plus(AFTER_FAILURE)));
            throw e;
        }
    }

    @Override
    public boolean tryRenew(Optional<String> authorization) {
        fetching.lock();
        try {
            if (cached.filter(each -> authorization.equals(Optional.of(each.authorization())))
                    .isEmpty()) {
                // another thread dropped it first
                return true;
            }
            var now = clock.instant();
            if (!droppedAt.equals(Instant.MIN) && now.isBefore(droppedAt.plus(MIN_DROP_INTERVAL))) {
                return false;
            }
            droppedAt = now;
            cached = Optional.empty();
            return true;
        } finally {
            fetching.unlock();
        }
    }
}
