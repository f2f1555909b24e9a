package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measures the cost of durability alone: appends each body to a file, forces all waiting bodies at once and
/// then answers them. It does not parse bodies.
final class FloorServer implements MeasuredServer {
    private final List<Body> waiting = new ArrayList<>();
    private final FileChannel file;
    private final JettyHost host;
    private final Thread writer = Thread.ofPlatform().name("floor-writer").unstarted(this::run);
    private long kept;
    private long written;
    private boolean closed;

    FloorServer(byte[] answer, Path folder) throws IOException {
        file = FileChannel.open(folder.resolve("bodies"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        writer.start();
        host = JettyHost.start(Body::new, answer);
    }

    @Override
    public int port() {
        return host.port();
    }

    @Override
    public Account stop() {
        host.close();
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        try {
            writer.join();
            if (file.size() != written) {
                throw new BenchmarkException(
                        "The durable floor's file has " + file.size() + " bytes instead of " + written);
            }
            file.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Account(kept, 0, 0);
    }

    private final class Body implements JettyHost.BodyReader {
        private byte[] bytes = {};
        private Runnable answer = () -> {};

        @Override
        public void read(ByteBuffer some) {
            var before = bytes.length;
            bytes = Arrays.copyOf(bytes, before + some.remaining());
            some.get(bytes, before, bytes.length - before);
        }

        @Override
        public void whole(Runnable answering) {
            answer = answering;
            synchronized (waiting) {
                waiting.add(this);
                waiting.notifyAll();
            }
        }
    }

    private void run() {
        try {
            for (var batch = next(); !batch.isEmpty(); batch = next()) {
                append(batch);
                file.force(false);
                batch.forEach(each -> each.answer.run());
                kept += batch.size();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Body> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closed) {
                waiting.wait();
            }
            var batch = List.copyOf(waiting);
            waiting.clear();
            return batch;
        }
    }

    private void append(List<Body> batch) throws IOException {
        var all = ByteBuffer.allocate(
                batch.stream().mapToInt(each -> each.bytes.length).sum());
        batch.forEach(each -> all.put(each.bytes));
        all.flip();
        written += all.remaining();
        while (all.hasRemaining()) {
            file.write(all);
        }
    }
}
