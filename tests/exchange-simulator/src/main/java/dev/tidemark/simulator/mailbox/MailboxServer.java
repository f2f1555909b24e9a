package dev.tidemark.simulator.mailbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One of the organisation's servers: it holds the subscriptions of its mailboxes, is named in their ids, and
/// calls back from an address of its own, 127.0.0.1, 127.0.0.2 and so on. Where the system has only the first
/// of these, all call from there.
public record MailboxServer(String host, Optional<InetAddress> address) {
    private static final Logger log = LoggerFactory.getLogger(MailboxServer.class);

    /// `ex01.simulated.example` and so on.
    public static List<MailboxServer> several(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new MailboxServer(
                        "ex%02d.simulated.example".formatted(number),
                        count == 1
                                ? Optional.empty()
                                : Optional.of(loopback(number)).filter(MailboxServer::isOurs)))
                .toList();
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (IOException e) {
            throw new SimulatorException("127.0.0." + last + " is no address; take fewer servers.", e);
        }
    }

    private static boolean isOurs(InetAddress address) {
        try (var socket = new ServerSocket(0, 1, address)) {
            return socket.isBound();
        } catch (IOException e) {
            log.info("{} cannot be called from on this system; call-backs come from 127.0.0.1", address, e);
            return false;
        }
    }
}
