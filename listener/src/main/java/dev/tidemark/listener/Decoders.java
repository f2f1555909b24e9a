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
final class Decoders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Decoders.class);
    private static final int MOST = 64;
    private static final int MOST_COMMITTED = 1024;

    private final List<Stage<Arrival>> first;
    private final List<Stage<Decoded>> then;

    private Decoders(List<Stage<Arrival>> first, List<Stage<Decoded>> then) {
        this.first = List.copyOf(first);
        this.then = List.copyOf(then);
    }

    static Decoders of(int count, Decoder decoder, Consumer<List<Decoded>> commit, Tally tally) {
        if (count == 1) {
            var both = new Stage<Arrival>(
                    "listener-commit", MOST_COMMITTED, batch -> commit.accept(decoder.decode(batch)), tally.faults);
            return new Decoders(List.of(both), List.of());
        }
        var committer = new Stage<>("listener-commit", MOST_COMMITTED, commit, tally.faults);
        var workers = IntStream.range(0, count)
                .mapToObj(i -> new Stage<Arrival>(
                        "listener-decode-" + i, MOST, batch -> committer.putAll(decoder.decode(batch)), tally.faults))
                .toList();
        return new Decoders(workers, List.of(committer));
    }

    Decoders start() {
        then.forEach(Stage::start);
        first.forEach(Stage::start);
        LOG.debug("{} threads decode.", first.size());
        return this;
    }

    void put(Arrival arrival) {
        var mailbox = arrival.attempt().mailbox();
        first.get(Math.floorMod(mailbox.hashCode(), first.size())).put(arrival);
    }

    @Override
    public void close() {
        first.forEach(Stage::close);
        then.forEach(Stage::close);
    }
}
