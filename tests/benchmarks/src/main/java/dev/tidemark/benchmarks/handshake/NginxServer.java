package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.server.BenchmarkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// nginx with OpenSSL in one process, which responds to each request with a constant and stores nothing.
final class NginxServer implements HandshakeServer {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final int port;

    private NginxServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts it with the certificate in `folder`.
    static NginxServer start(String program, Path folder, Path certificate, Path key)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var port = freePort();
        var file = Files.writeString(folder.resolve("nginx.conf"), configuration(folder, certificate, key, port));
        var log = folder.resolve("log");
        var process = new ProcessBuilder(List.of(program, "-p", folder.toString(), "-c", file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var server = new NginxServer(process, port);
        var start = System.nanoTime();
        while (!server.accepts()) {
            if (!process.isAlive() || System.nanoTime() - start > START_NANOS) {
                server.close();
                throw new BenchmarkException("nginx did not start:\n" + Files.readString(log));
            }
            Thread.sleep(20);
        }
        return server;
    }

    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String configuration(Path folder, Path certificate, Path key, int port) {
        return """
                daemon off;
                master_process off;
                error_log stderr;
                pid %1$s/pid;
                events { worker_connections 512; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  ssl_protocols TLSv1.2 TLSv1.3;
                  ssl_session_cache shared:bench:10m;
                  server {
                    listen 127.0.0.1:%2$d ssl;
                    ssl_certificate %3$s;
                    ssl_certificate_key %4$s;
                    location / { return 200 OK; }
                  }
                }
                """.formatted(folder, port, certificate, key);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
