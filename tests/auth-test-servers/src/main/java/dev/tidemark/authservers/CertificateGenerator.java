package dev.tidemark.authservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Creates certificates with the JDK's keytool, in stores with one password.
public final class CertificateGenerator {
    public static final String PASSWORD = "changeit";

    private final Path folder;

    public CertificateGenerator(Path folder) {
        this.folder = folder;
    }

    /// Creates a key with a self-signed certificate for 127.0.0.1 and localhost.
    public Path pair(String name, String type) throws IOException {
        var store = folder.resolve(name + "." + type);
        run(
                "-genkeypair -alias it -keyalg EC -groupname secp256r1 -validity 2 -dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                type,
                "-keystore",
                store.toString());
        return store;
    }

    /// Creates an RSA key with a self-signed certificate, in PKCS12.
    public Path rsaPair(String name) throws IOException {
        var store = folder.resolve(name + ".rsa");
        run(
                "-genkeypair -alias it -keyalg RSA -keysize 2048 -validity 2 -storetype pkcs12 -dname",
                "CN=" + name,
                "-keystore",
                store.toString());
        return store;
    }

    /// Exports the certificate of that key as PEM.
    public Path pem(Path pair) throws IOException {
        var pem = folder.resolve(pair.getFileName() + ".pem");
        run("-exportcert -alias it -rfc -file", pem.toString(), "-keystore", pair.toString());
        return pem;
    }

    /// Creates a trust store of this type with that certificate.
    public Path trust(Path pem, String type) throws IOException {
        var store = folder.resolve(pem.getFileName() + "-trust." + type);
        run("-importcert -noprompt -alias it -file", pem.toString(), "-storetype", type, "-keystore", store.toString());
        return store;
    }

    private static void run(String options, String... values) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                // halves the run time
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC"));
        command.addAll(Arrays.asList(options.split(" ")));
        command.addAll(Arrays.asList(values));
        command.addAll(List.of("-storepass", PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("keytool failed: " + output);
        }
    }
}
