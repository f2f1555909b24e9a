package dev.tidemark.listener;

import dev.tidemark.ews.MalformedMessageException;
import dev.tidemark.ews.SendNotification;
import dev.tidemark.watermark.Callback;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers that decode. A mailbox always has the same one, so that its call-backs stay in the order in
/// which they arrived.
final class Decoders implements AutoCloseable {
    /// Reads a body. Safe for use by many threads.
    @FunctionalInterface
    interface Codec {
        SendNotification decode(byte[] body) throws MalformedMessageException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Decoders.class);
    private static final int MOST = 64;

    private final Codec codec;
    private final Tally tally;
    private final Consumer<Decoded> next;
    private final List<Stage<Arrival>> workers;

    Decoders(int count, Codec codec, Tally tally, Consumer<Decoded> next) {
        this.codec = codec;
        this.tally = tally;
        this.next = next;
        workers = IntStream.range(0, count)
                .mapToObj(i -> new Stage<Arrival>("listener-decode-" + i, MOST, this::decode, tally.faults))
                .toList();
    }

    Decoders start() {
        workers.forEach(Stage::start);
        return this;
    }

    void put(Arrival arrival) {
        var mailbox = arrival.attempt().mailbox();
        workers.get(Math.floorMod(mailbox.hashCode(), workers.size())).put(arrival);
    }

    @Override
    public void close() {
        workers.forEach(Stage::close);
    }

    private void decode(List<Arrival> batch) {
        batch.forEach(this::decode);
    }

    private void decode(Arrival arrival) {
        try {
            var message = codec.decode(arrival.body());
            next.accept(new Decoded(
                    new Callback(arrival.attempt(), message, arrival.at(), arrival.caller()), arrival.pending()));
        } catch (MalformedMessageException e) {
            LOG.debug("A call-back for {} is malformed.", arrival.attempt(), e);
            tally.refused(Refusal.MALFORMED);
            arrival.pending().answer(Answer.text(400, oneSentence(e)));
        } catch (RuntimeException | Error e) {
            fault(arrival, e);
        }
    }

    /// Not the sender's fault as far as we know, so it is asked to come again.
    private void fault(Arrival arrival, Throwable e) {
        LOG.warn("A call-back for {} could not be decoded ({}); it is answered 503.", arrival.attempt(), e.toString());
        LOG.debug("It failed here.", e);
        tally.faults.increment();
        tally.refused(Refusal.STORE);
        arrival.pending().answer(Refusal.STORE.answer());
    }

    private static String oneSentence(MalformedMessageException e) {
        var text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        return text.isEmpty() ? "The body is not a SendNotification." : text;
    }
}
