package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Attacks until its standard input ends. [HostileCrowdProcess] starts it and reads its output: each second one line
/// with the number of connections by kind of attack.
final class HostileCrowdMain {
    private HostileCrowdMain() {}

    static void main(String... arguments) throws InterruptedException {
        var clients = HostileClients.parse(arguments);
        var end = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> awaitEndOfInput(end));
        try (var crowd = new HostileCrowd(clients.pause())) {
            clients.attack(crowd);
            while (!end.await(1, TimeUnit.SECONDS)) {
                System.out.println(counts(crowd));
            }
        }
    }

    private static String counts(HostileCrowd crowd) {
        return crowd.attacks().entrySet().stream()
                .map(kind -> kind.getKey() + ":" + kind.getValue())
                .collect(Collectors.joining(","));
    }

    private static void awaitEndOfInput(CountDownLatch end) {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("Cannot read the standard input: " + e);
        } finally {
            end.countDown();
        }
    }
}
