package dev.tidemark.daemon;

import dev.tidemark.ews.Tls;
import dev.tidemark.ews.Tls.StoreFile;
import dev.tidemark.ews.UnreadableStoreException;
import java.nio.file.Path;
import java.util.Optional;

/// Reads `tls` of a connection, and opens its stores, so that one that cannot be used is known before the start.
record TlsReader(Section connection, Path folder) {
    Tls read() {
        if (!connection.has("tls")) {
            return Tls.USUAL;
        }
        var tls = connection.section("tls");
        var trust = store(tls, "trust-store");
        var certificate = store(tls, "client-certificate");
        tls.end();
        trust.ifPresent(file -> open(tls, "trust-store", new Tls(trust, Optional.empty())));
        certificate.ifPresent(file -> open(tls, "client-certificate", new Tls(Optional.empty(), certificate)));
        return new Tls(trust, certificate);
    }

    private Optional<StoreFile> store(Section tls, String key) {
        var path = tls.find(key, new Kind<>(text -> folder.resolve(text), Path::toString));
        var password = tls.secret(passwordOf(key), Kind.TEXT);
        if (tls.has(passwordOf(key)) && !tls.has(key)) {
            tls.lacks(
                    key,
                    tls.mark(passwordOf(key)),
                    tls.dotted(key) + " is missing; name the file, or leave out its password");
        }
        return path.map(file -> new StoreFile(file, password));
    }

    /// A password that could not be read is a mistake already.
    private static void open(Section tls, String key, Tls alone) {
        var unreadPassword = tls.has(passwordOf(key))
                && alone.trustStore()
                        .or(alone::clientCertificate)
                        .flatMap(StoreFile::password)
                        .isEmpty();
        if (unreadPassword) {
            return;
        }
        try {
            alone.context();
        } catch (UnreadableStoreException unusable) {
            tls.mistake(tls.mark(key), tls.dotted(key) + ": " + unusable.getMessage());
        }
    }

    private static String passwordOf(String key) {
        return key + "-password";
    }
}
