package dev.tidemark.cxfendpoint;

import jakarta.xml.ws.Endpoint;
import java.io.IOException;
import java.net.ServerSocket;

/// Process that receives callbacks. Prints its port as a line of JSON and ends with its standard input.
final class CxfEndpointMain {
    private CxfEndpointMain() {}

    public static void main(String[] arguments) throws IOException {
        var port = freePort();
        var endpoint = Endpoint.publish("http://127.0.0.1:" + port + "/ews/notifications", new NotificationEndpoint());
        printLine("{\"port\":" + port + ",\"tlsPort\":0}");
        while (System.in.read() >= 0) {
            // input is ignored
        }
        endpoint.stop();
        printLine("{\"events\":-1,\"duplicates\":0,\"gaps\":0}");
        System.exit(0);
    }

    /// Returns a free port, because CXF does not accept 0.
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void printLine(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
