package dev.tidemark.listener;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Certificate for 127.0.0.1, created by the JDK's keytool as PEM files.
record TestIdentity(X509Certificate certificate, ListenerConfig.Tls files) {
    private static final String PASSWORD = "changeit";

    static TestIdentity in(Path folder, String algorithm) throws IOException, GeneralSecurityException {
        var store = generate(folder, algorithm);
        var certificate = (X509Certificate) store.getCertificate("listener");
        var key = store.getKey("listener", PASSWORD.toCharArray());
        var files = new ListenerConfig.Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        Files.writeString(files.privateKey(), pem("PRIVATE KEY", key.getEncoded()));
        Files.writeString(files.certificate(), pem("CERTIFICATE", certificate.getEncoded()));
        return new TestIdentity(certificate, files);
    }

    /// Returns a context for clients that trust only this certificate.
    SSLContext trust() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("listener", certificate);
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static KeyStore generate(Path folder, String algorithm) throws IOException, GeneralSecurityException {
        var file = Files.createTempDirectory(folder, "keytool").resolve("store.p12");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        // halves the run time of keytool
                        "-J-XX:TieredStopAtLevel=1",
                        "-J-XX:+UseSerialGC",
                        "-genkeypair",
                        "-alias",
                        "listener",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError("keytool made no certificate");
        }
        try (InputStream in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        }
    }

    private static String pem(String what, byte[] bytes) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
