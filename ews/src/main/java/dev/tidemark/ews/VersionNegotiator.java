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

/// In which RequestServerVersion an organisation is spoken to: the configured one, and an older one each time
/// the server says that it does not know it. What has been learnt holds as long as the client. Safe for use by
/// many threads.
final class VersionNegotiator {
    private static final Logger LOG = LoggerFactory.getLogger(VersionNegotiator.class);

    private static final Set<String> UNKNOWN_VERSION =
            Set.of("ErrorInvalidServerVersion", "ErrorIncorrectSchemaVersion");

    /// Newest first (XSD, ExchangeVersionType). Versions named by date are younger than all of these; versions
    /// without a service pack of note are left out.
    private static final List<String> STEPS = List.of(
            "Exchange2016", "Exchange2013_SP1", "Exchange2013", "Exchange2010_SP2", "Exchange2010_SP1", "Exchange2010");

    private final String connection;
    private volatile EwsRequestWriter writer;

    VersionNegotiator(String connection, EwsRequestWriter configured) {
        this.connection = connection;
        this.writer = configured;
    }

    /// Writes requests in the version that holds now.
    EwsRequestWriter writer() {
        return writer;
    }

    /// The answer to what `sent` wrote, where an unknown version is a reason to try again at once as long as
    /// there is an older one.
    <R> EwsResult<R> judge(EwsRequestWriter sent, EwsResult<R> answer) {
        return answer instanceof EwsResult.Refused<R>(EwsError error)
                        && UNKNOWN_VERSION.contains(error.code().value())
                        && lowered(sent, error)
                ? new EwsResult.Refused<>(
                        new EwsError.RetryAfter(error.code(), error.text(), Optional.of(Duration.ZERO)))
                : answer;
    }

    /// Requests that were under way together lower it once.
    private synchronized boolean lowered(EwsRequestWriter sent, EwsError error) {
        if (sent != writer) {
            return true;
        }
        var older = olderThan(sent.serverVersion());
        older.ifPresent(version -> {
            LOG.warn(
                    "Connection {} does not know version {} ({}); it is asked in {} from now on."
                            + " Write version: {} to be spared the question.",
                    connection,
                    sent.serverVersion(),
                    error.code(),
                    version,
                    version);
            writer = sent.in(version);
        });
        return older.isPresent();
    }

    static Optional<String> olderThan(String version) {
        if (version.startsWith("Exchange2007")) {
            return Optional.empty();
        }
        return STEPS.stream()
                .skip(STEPS.indexOf(version.equals("Exchange2015") ? "Exchange2016" : version) + 1L)
                .findFirst();
    }
}
