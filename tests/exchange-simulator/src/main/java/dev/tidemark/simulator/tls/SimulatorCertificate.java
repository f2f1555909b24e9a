package dev.tidemark.simulator.tls;

import dev.tidemark.simulator.mailbox.SimulatorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Self-signed certificate of one simulator, made by the JDK's keytool for a week. Its key lies in a temporary file
/// until [#close]. Immutable.
public final class SimulatorCertificate implements AutoCloseable {
    /// Password of the key store, whose folder only its owner reads.
    public static final String PASSWORD = "simulator";

    private static final String ALIAS = "simulator";

    private final Path folder;
    private final Path keyStore;
    private final Certificate certificate;

    private SimulatorCertificate(Path folder, Path keyStore, Certificate certificate) {
        this.folder = folder;
        this.keyStore = keyStore;
        this.certificate = certificate;
    }

    /// Makes a certificate for `localhost`, 127.0.0.1 and the given address. Throws [SimulatorException] if keytool
    /// fails.
    public static SimulatorCertificate create(String address) {
        try {
            var folder = Files.createTempDirectory("tidemark-simulator");
            var file = folder.resolve("key.p12");
            run(file, names(address));
            return new SimulatorCertificate(folder, file, read(file).getCertificate(ALIAS));
        } catch (IOException | GeneralSecurityException e) {
            throw new SimulatorException(
                    "The simulated Exchange cannot make a certificate: " + e.getMessage()
                            + "; run it with a JDK that has bin/keytool, or without TLS.",
                    e);
        }
    }

    private static String names(String address) {
        var known = List.of("127.0.0.1", "0.0.0.0", "::", "localhost").contains(address);
        var kind = address.matches("[0-9.]+|.*:.*") ? ",ip:" : ",dns:";
        return "san=dns:localhost,ip:127.0.0.1,ip:::1" + (known ? "" : kind + address);
    }

    private static void run(Path file, String names) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-validity", "7", "-dname", "CN=simulated Exchange", "-ext", names));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("keytool failed with " + output.strip());
        }
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    public Path keyStore() {
        return keyStore;
    }

    /// Returns the certificate as PEM, for the trust store of a client.
    public String pem() {
        try {
            var encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
            return "-----BEGIN CERTIFICATE-----\n" + encoder.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A certificate that was read cannot be written.", e);
        }
    }

    /// Returns a context for clients that trust this certificate only.
    public SSLContext clientContext() {
        try {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, certificate);
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no TLS.", e);
        }
    }

    /// Returns a context for a server with this certificate.
    public SSLContext serverContext() {
        try {
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(read(keyStore), PASSWORD.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("The key of the certificate cannot be read.", e);
        }
    }

    /// Removes the key.
    @Override
    public void close() {
        try {
            Files.deleteIfExists(keyStore);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            keyStore.toFile().deleteOnExit();
        }
    }
}
