package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.config.UnreadableStoreException;
import java.nio.file.Path;
import java.util.Optional;

/// Reads `tls` of a connection or a sink. Opens the key and trust stores, so that `check` reports an unusable one.
record TlsReader(ConfigSectionReader owner, Path folder) {
    EwsTlsConfig read() {
        if (!owner.has("tls")) {
            return EwsTlsConfig.DEFAULT;
        }
        var tls = owner.section("tls");
        var trust = store(tls, "trust-store");
        var certificate = store(tls, "client-certificate");
        tls.finish();
        trust.ifPresent(file -> open(tls, "trust-store", new EwsTlsConfig(trust, Optional.empty())));
        certificate.ifPresent(file -> open(tls, "client-certificate", new EwsTlsConfig(Optional.empty(), certificate)));
        return new EwsTlsConfig(trust, certificate);
    }

    private Optional<StoreFile> store(ConfigSectionReader tls, String key) {
        var path = tls.find(key, new ValueConverter<>(text -> folder.resolve(text), Path::toString));
        path.ifPresent(file -> tls.recordFile(key, file));
        var password = tls.secret(passwordOf(key), ValueConverter.TEXT);
        if (tls.has(passwordOf(key)) && !tls.has(key)) {
            tls.reportMissing(
                    key,
                    tls.mark(passwordOf(key)),
                    tls.dotted(key) + " is missing; name the file, or leave out its password");
        }
        return path.map(file -> new StoreFile(file, password));
    }

    /// Opens a store. Skips one with an invalid password, which is a fault already.
    private static void open(ConfigSectionReader tls, String key, EwsTlsConfig alone) {
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
            tls.addFault(tls.mark(key), tls.dotted(key) + ": " + unusable.getMessage());
        }
    }

    private static String passwordOf(String key) {
        return key + "-password";
    }
}
