package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Certificate for this machine, created by the JDK's keytool as PEM files. Its key is on P-256, as in most
/// public certificates.
final class SelfSignedIdentity {
    static final String CERTIFICATE = "cert.pem";
    static final String KEY = "key.pem";
    private static final String PASSWORD = "changeit";
    private static final String NAME = "bench";

    private SelfSignedIdentity() {}

    static void into(Path folder) throws IOException {
        var file = folder.resolve("identity.p12");
        keytool(file);
        try {
            var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
            var key = store.getKey(NAME, PASSWORD.toCharArray());
            write(folder.resolve(KEY), "PRIVATE KEY", key.getEncoded());
            write(
                    folder.resolve(CERTIFICATE),
                    "CERTIFICATE",
                    store.getCertificate(NAME).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new BenchmarkException("Failed to read the benchmark's certificate: " + e.getMessage(), e);
        }
    }

    private static void keytool(Path file) throws IOException {
        var program = Path.of(System.getProperty("java.home", ""), "bin", "keytool");
        var command = new ArrayList<String>();
        command.add(program.toString());
        command.addAll(List.of("-genkeypair", "-alias", NAME, "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1", "-validity", "2"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString()));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            if (process.start().waitFor() != 0) {
                throw new BenchmarkException("keytool created no certificate.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("Interrupted while keytool created a certificate.", e);
        }
    }

    private static void write(Path file, String kind, byte[] bytes) throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n",
                StandardCharsets.US_ASCII);
    }
}
