package dev.tidemark.ews;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Computes keys and hashes of NTLM version 2 (MS-NLMP, 3.3.2 and 3.4). Called by [NtlmLogin]; has no state.
final class NtlmCrypto {
    static final int UNICODE = 0x1;
    static final int REQUEST_TARGET = 0x4;
    static final int NTLM = 0x200;
    static final int ALWAYS_SIGN = 0x8000;
    static final int EXTENDED_SESSION_SECURITY = 0x80000;
    static final int TARGET_INFO = 0x800000;
    static final int KEY_128 = 0x20000000;
    static final int KEY_56 = 0x80000000;

    static final int AV_END = 0;
    static final int AV_FLAGS = 6;
    static final int AV_TIMESTAMP = 7;
    static final int AV_TARGET_NAME = 9;
    static final int AV_CHANNEL_BINDINGS = 10;

    private static final Instant EPOCH = Instant.parse("1601-01-01T00:00:00Z");

    private NtlmCrypto() {}

    /// Returns the key of account and password (NTOWFv2).
    static byte[] key(String domain, String user, String password) {
        return hmac(Md4Digest.digest(utf16(password)), utf16(user.toUpperCase(Locale.ROOT) + domain));
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(key, "HmacMD5"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no HMAC-MD5, which NTLM needs.", e);
        }
    }

    /// Returns the MD5 of a gss_channel_bindings_struct without addresses (RFC 2744, 3.11; MS-NLMP, 2.2.2.1).
    static byte[] channelHash(byte[] binding) {
        var struct = ByteBuffer.allocate(20 + binding.length).order(ByteOrder.LITTLE_ENDIAN);
        struct.putInt(16, binding.length).position(20).put(binding);
        try {
            return MessageDigest.getInstance("MD5").digest(struct.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no MD5, which NTLM needs.", e);
        }
    }

    /// Returns the time as FILETIME: tenths of microseconds since 1601.
    static byte[] fileTime(Instant now) {
        var since = Duration.between(EPOCH, now);
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(since.getSeconds() * 10_000_000 + since.getNano() / 100)
                .array();
    }

    static byte[] utf16(String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }
}
