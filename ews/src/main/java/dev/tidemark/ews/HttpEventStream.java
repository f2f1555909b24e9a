package dev.tidemark.ews;

import dev.tidemark.ews.codec.EwsResponseReader;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EventStream.StreamStep;
import dev.tidemark.ews.message.EventsMessage;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.ResponseCodeClassifier;
import dev.tidemark.ews.message.SkipTally;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the envelopes of a stream from one HTTP response. One thread calls [#next] and blocks; any thread may
/// call [#close]. Reports every failure as [StreamStep.Ended].
final class HttpEventStream implements EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEventStream.class);

    private final StreamedResponse http;
    private final EwsResponseReader reader;
    private final StreamSkips skips;
    private final EnvelopeSplitter envelopes;
    private final Deque<StreamStep> ready = new ArrayDeque<>();
    private volatile boolean closed;

    HttpEventStream(StreamedResponse http, EwsResponseReader reader, StreamSkips skips) {
        this.http = http;
        this.reader = reader;
        this.skips = skips;
        this.envelopes = new EnvelopeSplitter(http::read);
    }

    @Override
    public StreamStep next() {
        while (ready.isEmpty()) {
            receive();
        }
        if (ready.element() instanceof StreamStep.Ended ended) {
            http.close();
            return ended;
        }
        return ready.remove();
    }

    @Override
    public void close() {
        closed = true;
        http.close();
    }

    private void receive() {
        try {
            var envelope = envelopes.next();
            if (envelope.isEmpty()) {
                // a proxy may have cut a stream without the status Closed
                end(Optional.of(HttpErrorClassifier.cutOff()));
                return;
            }
            var skipped = new SkipTally(EwsOperation.GET_STREAMING_EVENTS.requestName());
            for (var message : reader.readStreamed(envelope.get(), skipped)) {
                process(message);
            }
            skips.onSkipped(skipped);
        } catch (MalformedMessageException e) {
            LOG.debug("Failed to read a streamed envelope as an EWS message", e);
            end(Optional.of(HttpErrorClassifier.forUnreadable("it does not respond to the request.")));
        } catch (IOException | IllegalStateException e) {
            end(Optional.of(broken(e)));
        }
    }

    private EwsError broken(Exception failure) {
        if (closed) {
            return HttpErrorClassifier.closed();
        }
        return Thread.currentThread().isInterrupted()
                ? HttpErrorClassifier.interrupted()
                : HttpTransport.failure(failure);
    }

    private void process(EventsMessage message) {
        var error = message.problem().map(ResponseCodeClassifier::classify);
        if (error.isPresent() && message.closed() && message.refused().isEmpty()) {
            end(error);
            return;
        }
        if (error.isPresent()) {
            ready.add(new StreamStep.Lost(error.get(), message.refused()));
        } else if (!message.closed() || !message.notifications().isEmpty()) {
            ready.add(new StreamStep.Arrived(message.notifications()));
        }
        if (message.closed()) {
            end(Optional.empty());
        }
    }

    private void end(Optional<EwsError> cause) {
        LOG.debug("A stream ended: {}", cause);
        ready.add(new StreamStep.Ended(cause));
    }
}
