package dev.tidemark.simulator.mailbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Server of the organization. It holds the subscriptions of its mailboxes, their ids name it, and it calls
/// back from its own address: 127.0.0.1, 127.0.0.2 and so on. If the system has only the first of these, all
/// servers use it.
public record MailboxServer(String host, Optional<InetAddress> address) {
    private static final Logger log = LoggerFactory.getLogger(MailboxServer.class);

    /// Returns servers named `ex01.simulated.example` and so on.
    public static List<MailboxServer> several(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new MailboxServer(
                        (number < 10 ? "ex0" : "ex") + number + ".simulated.example",
                        count == 1
                                ? Optional.empty()
                                : Optional.of(loopback(number)).filter(MailboxServer::isOurs)))
                .toList();
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (IOException e) {
            throw new SimulatorException("127.0.0." + last + " is not an address; use fewer servers.", e);
        }
    }

    private static boolean isOurs(InetAddress address) {
        try (var socket = new ServerSocket(0, 1, address)) {
            return socket.isBound();
        } catch (IOException e) {
            log.info("Address {} is not available on this system; callbacks come from 127.0.0.1", address, e);
            return false;
        }
    }
}
