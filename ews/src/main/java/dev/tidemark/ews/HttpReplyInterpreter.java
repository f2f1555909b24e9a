package dev.tidemark.ews;

import dev.tidemark.ews.codec.EwsResponseReader;
import dev.tidemark.ews.codec.UserSettingsCodec;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.ProtocolError;
import dev.tidemark.ews.message.ResponseCodeClassifier;
import dev.tidemark.ews.message.SkipTally;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Converts HTTP responses to results. Reads the body of a status 500 first, because a SOAP fault comes with
/// it. Called by the threads that send requests. Thread-safe.
final class HttpReplyInterpreter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpReplyInterpreter.class);

    private static final String NO_RESPONSE = "it does not respond to the request.";

    /// Error for a web page, which forms-based logins and pre-authentication send in place of a 401.
    private static final String WEB_PAGE =
            "it is a web page, as a login form before Exchange sends it; let the url of EWS pass without one.";

    private static final Pattern PAGE = Pattern.compile("[^<]{0,20}<(!doctype\\s+)?html\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENVELOPE = Pattern.compile("[^<]{0,20}(<\\?xml[^>]*>\\s*)?<([\\w.-]+:)?Envelope\\b");
    private static final int SNIFFED = 300;

    private final EwsResponseReader reader = new EwsResponseReader();

    /// Returns the result of a request.
    ///
    /// @param skips tally of the skipped parts
    public <R> EwsResult<R> interpret(HttpReply reply, EwsCall<R> request, SkipTally skips) {
        if (reply.status() != 200 && reply.status() != 500) {
            return new EwsResult.Refused<>(HttpErrorClassifier.forStatus(reply));
        }
        try {
            return reader.read(request, reply.body(), skips);
        } catch (MalformedMessageException e) {
            LOG.debug("Failed to read a response with status {} as an EWS message", reply.status(), e);
            return new EwsResult.Refused<>(
                    reply.status() == 500 ? HttpErrorClassifier.forStatus(reply) : toUnreadable(reply));
        }
    }

    /// Returns the stream of a successful response, otherwise its error.
    ///
    /// @param skips receives the parts that the stream skips
    EwsResult<EventStream> interpretStream(StreamedResponse http, HttpReply reply, StreamSkips skips) {
        if (reply.status() == 200) {
            return new EwsResult.Success<>(new HttpEventStream(http, reader, skips));
        }
        return new EwsResult.Refused<>(fault(reply)
                .map(ResponseCodeClassifier::classify)
                .orElseGet(() -> HttpErrorClassifier.forStatus(reply)));
    }

    private static EwsError toUnreadable(HttpReply reply) {
        return ENVELOPE.matcher(start(reply)).lookingAt()
                ? HttpErrorClassifier.forDamaged()
                : HttpErrorClassifier.forUnreadable(why(reply));
    }

    private static String why(HttpReply reply) {
        return PAGE.matcher(start(reply)).lookingAt() ? WEB_PAGE : NO_RESPONSE;
    }

    /// Returns the first characters, which are ASCII in every encoding of XML; UTF-16 has zeros between them.
    private static String start(HttpReply reply) {
        var length = Math.min(SNIFFED, reply.body().length);
        return new String(reply.body(), 0, length, StandardCharsets.ISO_8859_1).replace("\0", "");
    }

    private Optional<ProtocolError> fault(HttpReply reply) {
        if (reply.status() != 500) {
            return Optional.empty();
        }
        try {
            return reader.readStreamed(reply.body(), new SkipTally(EwsOperation.GET_STREAMING_EVENTS.requestName()))
                    .getFirst()
                    .problem();
        } catch (MalformedMessageException e) {
            LOG.debug("Failed to read a response with status {} as an EWS message", reply.status(), e);
            return Optional.empty();
        }
    }

    /// Returns the result of GetUserSettings.
    ///
    /// @param skips tally of the skipped parts
    static EwsResult<UserSettingsResult> interpretSettings(HttpReply reply, SkipTally skips) {
        try {
            if (reply.status() >= 301
                    && reply.status() <= 308
                    && reply.location().isPresent()) {
                return new EwsResult.Success<>(new UserSettingsResult.Redirected(
                        new URI(reply.location().get())));
            }
            if (reply.status() == 200 || reply.status() == 500) {
                return new EwsResult.Success<>(
                        new UserSettingsResult.Answered(UserSettingsCodec.read(reply.body(), skips)));
            }
        } catch (MalformedMessageException | URISyntaxException e) {
            LOG.debug("Failed to read an autodiscover response with status {}", reply.status(), e);
            if (reply.status() == 200) {
                return new EwsResult.Refused<>(HttpErrorClassifier.forUnreadable(why(reply)));
            }
        }
        return new EwsResult.Refused<>(HttpErrorClassifier.forStatus(reply));
    }
}
