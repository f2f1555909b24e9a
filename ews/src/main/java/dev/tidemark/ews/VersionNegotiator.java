package dev.tidemark.ews;

import dev.tidemark.ews.codec.EwsRequestWriter;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Negotiates the RequestServerVersion of an organization. Starts with the configured version, and takes an
/// older one each time the server does not know it. Keeps the result for the client's lifetime. Called by the
/// threads that send requests. Thread-safe.
final class VersionNegotiator {
    private static final Logger LOG = LoggerFactory.getLogger(VersionNegotiator.class);

    private static final Set<String> UNKNOWN_VERSION =
            Set.of("ErrorInvalidServerVersion", "ErrorIncorrectSchemaVersion");

    /// Versions from newest to oldest (XSD, ExchangeVersionType), without irrelevant service packs. A version
    /// named by date is newer than all of these.
    private static final List<String> VERSIONS = List.of(
            "Exchange2016", "Exchange2013_SP1", "Exchange2013", "Exchange2010_SP2", "Exchange2010_SP1", "Exchange2010");

    private final String connection;
    private volatile EwsRequestWriter writer;

    VersionNegotiator(String connection, EwsRequestWriter configured) {
        this.connection = connection;
        this.writer = configured;
    }

    /// Returns the writer for the current version.
    EwsRequestWriter writer() {
        return writer;
    }

    /// Returns the result, but requests an immediate retry for an unknown version if an older one is left.
    ///
    /// @param sent writer of the request
    <R> EwsResult<R> classify(EwsRequestWriter sent, EwsResult<R> result) {
        return result instanceof EwsResult.Refused<R>(EwsError error)
                        && UNKNOWN_VERSION.contains(error.code().value())
                        && lowerVersion(sent, error)
                ? new EwsResult.Refused<>(
                        new EwsError.RetryAfter(error.code(), error.text(), Optional.of(Duration.ZERO)))
                : result;
    }

    /// Takes the next older version, once for all requests that were in flight together.
    private synchronized boolean lowerVersion(EwsRequestWriter sent, EwsError error) {
        if (sent != writer) {
            return true;
        }
        var older = olderThan(sent.serverVersion());
        older.ifPresent(version -> {
            LOG.warn(
                    "Connection {} does not support version {} ({}); using version {}. Set version: {} to avoid the"
                            + " failed request",
                    connection,
                    sent.serverVersion(),
                    error.code(),
                    version,
                    version);
            writer = sent.withVersion(version);
        });
        return older.isPresent();
    }

    static Optional<String> olderThan(String version) {
        if (version.startsWith("Exchange2007")) {
            return Optional.empty();
        }
        return VERSIONS.stream()
                .skip(VERSIONS.indexOf(version.equals("Exchange2015") ? "Exchange2016" : version) + 1L)
                .findFirst();
    }
}
