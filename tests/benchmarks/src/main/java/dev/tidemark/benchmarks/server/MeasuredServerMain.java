package dev.tidemark.benchmarks.server;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;

/// Process of one compared server. Prints its ports as a line of JSON, stops at the end of its standard input,
/// and prints its counts as another line.
final class MeasuredServerMain {
    private MeasuredServerMain() {}

    /// Arguments: server, folder, number of mailboxes, folder of prepared stores, URL on PostgreSQL or nothing.
    public static void main(String[] arguments) throws IOException, SQLException {
        var folder = Path.of(arguments[1]);
        var contestant = switch (ComparedServer.valueOf(arguments[0])) {
            case BARE -> new BareServer(ok());
            case FLOOR -> new FloorServer(ok(), folder);
            case TIDEMARK -> {
                prepare(folder, arguments);
                yield tidemark(folder, BenchmarkStores.embedded(folder));
            }
            case POSTGRES -> {
                prepare(folder, arguments);
                var config = BenchmarkStores.onPostgres(arguments[4]);
                BenchmarkStores.copyToPostgres(folder, config, Clock.systemUTC());
                yield tidemark(folder, config);
            }
            case POSTGRES_FLOOR -> new PostgresFloorServer(ok(), arguments[4]);
            case CXF, EXCHANGELIB, DAEMON, NATIVE -> throw new BenchmarkException("Unknown server: " + arguments[0]);
        };
        printLine(BenchmarkJsonCodec.line(
                new Ready(contestant.port(), contestant.tlsPort().orElse(0))));
        awaitEnd();
        printLine(BenchmarkJsonCodec.line(contestant.stop()));
        // ends remaining threads
        System.exit(0);
    }

    /// Ports of a server; `tlsPort` is 0 without TLS.
    record Ready(int port, int tlsPort) {}

    private static void prepare(Path folder, String[] arguments) throws IOException {
        MailboxFixture.prepare(folder, Integer.parseInt(arguments[2]), Path.of(arguments[3]), Clock.systemUTC());
    }

    private static MeasuredServer tidemark(Path folder, StoreConfig store) throws IOException {
        var identity = new ListenerConfig.Tls(
                folder.resolve(SelfSignedIdentity.CERTIFICATE), folder.resolve(SelfSignedIdentity.KEY));
        SelfSignedIdentity.into(folder);
        return new TidemarkServer(store, Clock.systemUTC(), identity);
    }

    /// Returns the response body of every server.
    static byte[] ok() {
        return new NotificationCodec().encode(SubscriptionStatus.OK);
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // input is ignored
        }
    }

    private static void printLine(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
