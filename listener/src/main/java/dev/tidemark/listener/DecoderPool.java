package dev.tidemark.listener;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads between a body and its commit. A mailbox always has the same worker, so that its call-backs
/// stay in the order in which they arrived.
///
/// One worker alone would wake the committer for each call-back, and be woken for each: on a small machine that
/// costs more than decoding, so that the committer's thread decodes as well.
final class DecoderPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DecoderPool.class);
    private static final int MAX_DECODE_BATCH = 64;
    private static final int MAX_COMMIT_BATCH = 1024;

    private final List<BatchWorker<RawCallback>> decoders;
    private final List<BatchWorker<DecodedCallback>> committers;

    private DecoderPool(List<BatchWorker<RawCallback>> first, List<BatchWorker<DecodedCallback>> then) {
        this.decoders = List.copyOf(first);
        this.committers = List.copyOf(then);
    }

    static DecoderPool of(
            int count, CallbackDecoder decoder, Consumer<List<DecodedCallback>> commit, ListenerStats tally) {
        if (count == 1) {
            var both = new BatchWorker<RawCallback>(
                    "listener-commit", MAX_COMMIT_BATCH, batch -> commit.accept(decoder.decode(batch)), tally.faults);
            return new DecoderPool(List.of(both), List.of());
        }
        var committer = new BatchWorker<>("listener-commit", MAX_COMMIT_BATCH, commit, tally.faults);
        var workers = IntStream.range(0, count)
                .mapToObj(i -> new BatchWorker<RawCallback>(
                        "listener-decode-" + i, MAX_DECODE_BATCH, batch -> committer.addAll(decoder.decode(batch)), tally.faults))
                .toList();
        return new DecoderPool(workers, List.of(committer));
    }

    DecoderPool start() {
        committers.forEach(BatchWorker::start);
        decoders.forEach(BatchWorker::start);
        LOG.debug("{} threads decode.", decoders.size());
        return this;
    }

    void submit(RawCallback arrival) {
        var mailbox = arrival.attempt().mailbox();
        decoders.get(Math.floorMod(mailbox.hashCode(), decoders.size())).add(arrival);
    }

    @Override
    public void close() {
        decoders.forEach(BatchWorker::close);
        committers.forEach(BatchWorker::close);
    }
}
