package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.ServerAffinity;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.MailboxAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// EWS client whose settings can change. A replaced client finishes its requests and streams, then it is closed.
/// [ConnectionGate] sends through it. Thread-safe.
final class ReplaceableEwsClient implements EwsClient {
    private volatile ClientLease current;

    ReplaceableEwsClient(EwsClient client) {
        current = new ClientLease(client);
    }

    /// Uses `next` for new requests.
    void replace(EwsClient next) {
        var before = current;
        current = new ClientLease(next);
        before.retire();
    }

    /// Runs `work` with the current client, which stays open meanwhile.
    <T> T use(Function<EwsClient, T> work) {
        var lease = acquire();
        try {
            return work.apply(lease.client);
        } finally {
            lease.release();
        }
    }

    private ClientLease acquire() {
        for (var lease = current; ; lease = current) {
            if (lease.tryAcquire()) {
                return lease;
            }
        }
    }

    @Override
    public ExchangeClock exchangeClock() {
        return current.client.exchangeClock();
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        return use(client -> client.send(mailbox, call));
    }

    @Override
    public <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        return use(client -> client.sendOnNewConnection(mailbox, call));
    }

    @Override
    public <R> EwsResult<R> sendAsAccount(MailboxAddress about, EwsCall<R> call) {
        return use(client -> client.sendAsAccount(about, call));
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call, ServerAffinity affinity) {
        return use(client -> client.send(mailbox, call, affinity));
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        return open(client -> client.stream(mailbox, request));
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity) {
        return open(client -> client.stream(mailbox, request, affinity));
    }

    private EwsResult<EventStream> open(Function<EwsClient, EwsResult<EventStream>> request) {
        var lease = acquire();
        var opened = false;
        try {
            var result = request.apply(lease.client);
            opened = result instanceof EwsResult.Success<EventStream>;
            return result instanceof EwsResult.Success<EventStream>(EventStream stream)
                    ? new EwsResult.Success<>(new LeasedStream(stream, lease, new AtomicBoolean()))
                    : result;
        } finally {
            if (!opened) {
                lease.release();
            }
        }
    }

    @Override
    public void retryCredentials() {
        current.client.retryCredentials();
    }

    /// Closes the current client; its requests and streams end. A client that was replaced closes after its last
    /// request.
    @Override
    public void close() {
        current.client.close();
    }

    /// Keeps the client of a stream open until the stream is closed.
    private record LeasedStream(EventStream stream, ClientLease lease, AtomicBoolean closed) implements EventStream {
        @Override
        public StreamStep next() {
            return stream.next();
        }

        @Override
        public void close() {
            stream.close();
            if (closed.compareAndSet(false, true)) {
                lease.release();
            }
        }
    }

    /// Counts the requests and streams of a client, and closes it after the last one once it is replaced.
    private static final class ClientLease {
        private final EwsClient client;
        private int users;
        private boolean retired;

        private ClientLease(EwsClient client) {
            this.client = client;
        }

        private synchronized boolean tryAcquire() {
            if (!retired) {
                users++;
            }
            return !retired;
        }

        private void release() {
            if (isLastRelease()) {
                client.close();
            }
        }

        private void retire() {
            if (isIdleAtRetirement()) {
                client.close();
            }
        }

        private synchronized boolean isLastRelease() {
            users--;
            return retired && users == 0;
        }

        private synchronized boolean isIdleAtRetirement() {
            retired = true;
            return users == 0;
        }
    }
}
