package dev.tidemark.listener;

import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Threads between a complete body and its commit. [CallbackBodyReader] submits callbacks. Guarantees that the
/// same worker decodes all callbacks of a mailbox, so they keep the order of their arrival. Thread-safe.
///
/// With one worker, the committing thread also decodes. A separate worker would wake the committer for each
/// callback and be woken for each. On a small machine that costs more than decoding.
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
            int count, CallbackDecoder decoder, BatchWorker.BatchHandler<DecodedCallback> commit, ListenerStats stats) {
        if (count == 1) {
            var combined = new BatchWorker<RawCallback>(
                    "listener-commit", MAX_COMMIT_BATCH, batch -> commit.handle(decoder.decode(batch)), stats.faults);
            return new DecoderPool(List.of(combined), List.of());
        }
        var committer = new BatchWorker<>("listener-commit", MAX_COMMIT_BATCH, commit, stats.faults);
        var workers = IntStream.range(0, count)
                .mapToObj(i -> new BatchWorker<RawCallback>(
                        "listener-decode-" + i,
                        MAX_DECODE_BATCH,
                        batch -> committer.addAll(decoder.decode(batch)),
                        stats.faults))
                .toList();
        return new DecoderPool(workers, List.of(committer));
    }

    DecoderPool start() {
        committers.forEach(BatchWorker::start);
        decoders.forEach(BatchWorker::start);
        LOG.debug("Started {} decoding threads", decoders.size());
        return this;
    }

    void submit(RawCallback rawCallback) {
        var mailbox = rawCallback.attempt().mailbox();
        decoders.get(Math.floorMod(mailbox.hashCode(), decoders.size())).add(rawCallback);
    }

    @Override
    public void close() {
        decoders.forEach(BatchWorker::close);
        committers.forEach(BatchWorker::close);
    }
}
