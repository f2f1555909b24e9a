package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// jetty/jetty.project #4473: clients that stay connected use up all files that the daemon may open.
final class OpenFilesIT {
    private static final String ADA = "ada@example.com";
    private static final int SPARE = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_daemon_that_may_open_no_file_serves_again_once_it_may() throws IOException {
        try (var scene = EndToEndScene.patient(folder, ADA)) {
            var daemon = scene.startSubscribed();
            scene.mailbox(ADA).deliver("before");
            scene.awaitAllReceived();
            assumeThat(daemon.limitOpenFiles(SPARE))
                    .as("limits can be set here")
                    .isTrue();
            var crowd = crowd(scene.config().listenerPort(), 3 * SPARE);
            EndToEndScene.await("no file left")
                    .until(() -> daemon.errorLines().stream().anyMatch(line -> line.contains("Too many open files")));
            scene.mailbox(ADA).deliver("meanwhile");
            for (var caller : crowd) {
                caller.close();
            }
            scene.mailbox(ADA).deliver("after");
            scene.awaitAllReceived();
            scene.assertInOrder();
            assertThat(daemon.terminate()).isZero();
        }
    }

    private static List<Socket> crowd(int port, int size) throws IOException {
        var crowd = new ArrayList<Socket>();
        while (crowd.size() < size) {
            crowd.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        return crowd;
    }
}
