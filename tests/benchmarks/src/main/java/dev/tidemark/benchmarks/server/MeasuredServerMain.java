package dev.tidemark.benchmarks.server;

import dev.tidemark.benchmarks.load.BenchmarkException;
import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.listener.ListenerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/// A process that is one of the contestants: says on its standard output, in a line of JSON, where it listens;
/// stops at the end of its standard input; and says in another line what it has kept.
final class MeasuredServerMain {
    private MeasuredServerMain() {}

    /// Arguments: which one to be, its folder, how many mailboxes call back, and where stores with mailboxes
    /// are kept.
    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[1]);
        var contestant = switch (ComparedServer.valueOf(arguments[0])) {
            case BARE -> new BareServer(ok());
            case FLOOR -> new FloorServer(ok(), folder);
            case TIDEMARK -> tidemark(folder, Integer.parseInt(arguments[2]), Path.of(arguments[3]));
            case CXF, EXCHANGELIB, DAEMON, NATIVE ->
                throw new BenchmarkException("This process cannot be " + arguments[0]);
        };
        say(BenchmarkJsonCodec.line(
                new Ready(contestant.port(), contestant.tlsPort().orElse(0))));
        awaitEnd();
        say(BenchmarkJsonCodec.line(contestant.stop()));
        // whatever threads are left
        System.exit(0);
    }

    /// Where a server listens; `tlsPort` is 0 where it speaks no TLS.
    record Ready(int port, int tlsPort) {}

    private static MeasuredServer tidemark(Path folder, int mailboxes, Path kept) throws IOException {
        var clock = Clock.systemUTC();
        MailboxFixture.into(folder, mailboxes, kept, clock);
        var identity = new ListenerConfig.Tls(
                folder.resolve(SelfSignedIdentity.CERTIFICATE), folder.resolve(SelfSignedIdentity.KEY));
        SelfSignedIdentity.into(folder);
        return new TidemarkServer(folder, clock, identity);
    }

    /// Returns the body of the answer that every server gives.
    static byte[] ok() {
        return new NotificationCodec().encode(SubscriptionStatus.OK);
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // nobody says anything
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
