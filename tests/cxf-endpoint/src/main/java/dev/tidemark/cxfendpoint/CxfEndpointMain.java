package dev.tidemark.cxfendpoint;

import jakarta.xml.ws.Endpoint;
import java.io.IOException;
import java.net.ServerSocket;

/// A process that takes call-backs: says on its standard output, in a line of JSON, where it listens, and ends
/// with its standard input.
public final class CxfEndpointMain {
    private CxfEndpointMain() {}

    public static void main(String[] arguments) throws IOException {
        var port = freePort();
        var endpoint = Endpoint.publish("http://127.0.0.1:" + port + "/ews/notifications", new NotificationEndpoint());
        say("{\"port\":" + port + ",\"tlsPort\":0}");
        while (System.in.read() >= 0) {
            // nobody says anything
        }
        endpoint.stop();
        say("{\"events\":-1,\"duplicates\":0,\"gaps\":0}");
        System.exit(0);
    }

    /// CXF takes no 0 for an answer.
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
