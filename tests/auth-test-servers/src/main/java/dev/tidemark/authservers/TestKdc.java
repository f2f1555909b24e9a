package dev.tidemark.authservers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;

/// KDC of the realm EXAMPLE.COM on loopback, with the principals `svc`, whose password is `p@ssw0rd`, and
/// `HTTP/localhost`.
public final class TestKdc implements AutoCloseable {
    public static final String REALM = "EXAMPLE.COM";
    public static final String USER = "svc@" + REALM;
    public static final String PASSWORD = "p@ssw0rd";
    public static final String SERVICE = "HTTP/localhost@" + REALM;

    public final Path configuration;
    public final Path userKeytab;
    public final Path serviceKeytab;
    private final SimpleKdcServer server;
    private final int port;

    public TestKdc(Path folder) throws IOException {
        configuration = folder.resolve("krb5.conf");
        userKeytab = folder.resolve("svc.keytab");
        serviceKeytab = folder.resolve("http.keytab");
        port = freePort();
        try {
            server = new SimpleKdcServer();
            start(folder);
        } catch (KrbException e) {
            throw new IOException("The KDC failed to start.", e);
        }
        lifetime("10h");
    }

    private void start(Path folder) throws IOException, KrbException {
        server.setKdcRealm(REALM);
        server.setKdcHost("localhost");
        server.setKdcTcpPort(port);
        server.setAllowUdp(false);
        server.setWorkDir(Files.createDirectories(folder.resolve("kdc")).toFile());
        server.getKdcConfig().setBoolean(KdcConfigKey.PREAUTH_REQUIRED, true);
        server.getKdcConfig().setLong(KdcConfigKey.MINIMUM_TICKET_LIFETIME, 1L);
        server.init();
        server.start();
        server.createPrincipal(USER, PASSWORD);
        server.createPrincipal(SERVICE, "service-secret");
        server.exportPrincipal(USER, userKeytab.toFile());
        server.exportPrincipal(SERVICE, serviceKeytab.toFile());
    }

    /// Sets the lifetime of tickets from the next login on; each login reads the file. The permitted age of
    /// authenticators stays the default.
    public void lifetime(String lifetime) throws IOException {
        lifetime(lifetime, Duration.ofMinutes(5));
    }

    /// Sets the lifetime of tickets and the permitted age of authenticators. An acceptor refuses one that a
    /// busy machine delays for longer.
    public void lifetime(String lifetime, Duration skew) throws IOException {
        Files.writeString(configuration, text(port, lifetime, skew));
    }

    private static String text(int port, String lifetime, Duration skew) {
        return """
            [libdefaults]
              default_realm = %1$s
              udp_preference_limit = 1
              kdc_timeout = 30000
              max_retries = 1
              clockskew = %4$d
              ticket_lifetime = %3$s
            [realms]
              %1$s = {
                kdc = localhost:%2$d
              }
            """.formatted(REALM, port, lifetime, skew.toSeconds());
    }

    /// Replaces the keys of the service, as a new password of its account does.
    public void replaceService() throws IOException {
        try {
            server.deletePrincipal(SERVICE);
            server.createPrincipal(SERVICE, "another-secret");
            Files.delete(serviceKeytab);
            server.exportPrincipal(SERVICE, serviceKeytab.toFile());
        } catch (KrbException e) {
            throw new IOException("The KDC failed to replace a key.", e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (KrbException e) {
            throw new IOException("The KDC failed to stop.", e);
        }
    }
}
