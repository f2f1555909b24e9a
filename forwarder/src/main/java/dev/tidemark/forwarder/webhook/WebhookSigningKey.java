package dev.tidemark.forwarder.webhook;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Key that signs deliveries (Standard Webhooks 1.0, "Signature scheme"). Thread-safe.
sealed interface WebhookSigningKey {
    /// Returns the name of the scheme, which precedes each signature.
    String version();

    byte[] sign(byte[] prefix, byte[] body);

    /// Creates a key from a shared secret: `whsec_` and 24 to 64 bytes in Base64.
    static WebhookSigningKey shared(String secret) {
        var bytes = decode(secret, "whsec_");
        if (bytes.length < 24 || bytes.length > 64) {
            throw new InvalidSettingException("A webhook secret has " + bytes.length
                    + " bytes; expected 24 to 64 of them after whsec_, in Base64.");
        }
        return Shared.of(new SecretKeySpec(bytes, "HmacSHA256"));
    }

    /// Creates a key from an ed25519 private key: `whsk_` and its 32 bytes in Base64, optionally followed by
    /// the public key.
    static WebhookSigningKey asymmetric(String key) {
        var bytes = decode(key, "whsk_");
        if (bytes.length != 32 && bytes.length != 64) {
            throw new InvalidSettingException(
                    "A signing key has " + bytes.length + " bytes; expected 32 or 64 of them after whsk_, in Base64.");
        }
        try {
            var spec = new EdECPrivateKeySpec(NamedParameterSpec.ED25519, Arrays.copyOf(bytes, 32));
            return new Asymmetric(KeyFactory.getInstance("Ed25519").generatePrivate(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK does not support ed25519 keys: " + e.getMessage(), e);
        }
    }

    private static byte[] decode(String text, String prefix) {
        if (!text.startsWith(prefix)) {
            throw new InvalidSettingException(
                    "A webhook key does not start with " + prefix + "; put that before its Base64.");
        }
        try {
            return Base64.getDecoder().decode(text.substring(prefix.length()).strip());
        } catch (IllegalArgumentException e) {
            // the cause would quote the secret
            throw new InvalidSettingException(
                    "The part after " + prefix + " of a webhook key is not Base64; encode the bytes in Base64.");
        }
    }

    /// Key for HMAC-SHA256, scheme v1.
    ///
    /// @param ready initialized with the key and copied for each signature; finding the algorithm and loading
    ///     the key again would cost as much as signing
    record Shared(Mac ready) implements WebhookSigningKey {
        static Shared of(SecretKeySpec key) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                return new Shared(mac);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This JDK lacks HmacSHA256: " + e.getMessage(), e);
            }
        }

        @Override
        public String version() {
            return "v1";
        }

        @Override
        public byte[] sign(byte[] prefix, byte[] body) {
            try {
                var mac = (Mac) ready.clone();
                mac.update(prefix);
                return mac.doFinal(body);
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("This JDK's HmacSHA256 cannot be copied: " + e.getMessage(), e);
            }
        }

        @Override
        public String toString() {
            return "Shared[redacted]";
        }
    }

    /// Key for ed25519, scheme v1a.
    record Asymmetric(PrivateKey key) implements WebhookSigningKey {
        @Override
        public String version() {
            return "v1a";
        }

        @Override
        public byte[] sign(byte[] prefix, byte[] body) {
            try {
                var signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(prefix);
                signature.update(body);
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This JDK lacks ed25519: " + e.getMessage(), e);
            }
        }

        @Override
        public String toString() {
            return "Asymmetric[redacted]";
        }
    }
}
