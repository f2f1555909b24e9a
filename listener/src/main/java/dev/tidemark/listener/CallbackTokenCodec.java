package dev.tidemark.listener;

import dev.tidemark.store.model.AttemptId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Creates and verifies tokens, the last part of a callback URL. A token names the attempt and proves that
/// Tidemark created the URL.
///
/// A token is base64url over 10 bytes of mailbox id, 8 bytes of attempt number and the first 16 bytes of an
/// HMAC-SHA256 over both. Verification needs no store access. Thread-safe.
public final class CallbackTokenCodec {
    private static final int MAC_LENGTH = 16;
    private static final int PAYLOAD_LENGTH = MailboxIdCodec.BYTES + Long.BYTES;
    private static final int TOKEN_LENGTH = 46;
    private static final int MIN_KEY_LENGTH = 16;

    private volatile List<Mac> macs;

    /// Creates tokens with `key`, and also accepts tokens made with a key of `previous`. Keys are random bytes,
    /// 32 by preference and at least 16.
    public CallbackTokenCodec(byte[] key, List<byte[]> previous) {
        macs = Stream.concat(Stream.of(key), previous.stream())
                .map(CallbackTokenCodec::mac)
                .toList();
    }

    /// Uses the keys of `other` from now on.
    public void useKeysOf(CallbackTokenCodec other) {
        macs = other.macs;
    }

    /// Returns the token of an attempt: 46 letters, digits, `-` and `_`, always the same for the same key.
    public String mint(AttemptId attempt) {
        var payload = ByteBuffer.allocate(PAYLOAD_LENGTH)
                .put(MailboxIdCodec.encode(attempt.mailbox()))
                .putLong(attempt.number())
                .array();
        var token =
                ByteBuffer.allocate(PAYLOAD_LENGTH + MAC_LENGTH).put(payload).put(sign(macs.getFirst(), payload));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /// Returns the attempt that `token` proves; empty for any text that is not a valid token.
    public Optional<AttemptId> verify(String token) {
        return decodeCanonical(token).filter(this::isAuthentic).flatMap(CallbackTokenCodec::parseAttempt);
    }

    private boolean isAuthentic(byte[] token) {
        var payload = Arrays.copyOf(token, PAYLOAD_LENGTH);
        var received = Arrays.copyOfRange(token, PAYLOAD_LENGTH, token.length);
        var authentic = false;
        for (var mac : macs) {
            authentic |= MessageDigest.isEqual(sign(mac, payload), received);
        }
        return authentic;
    }

    private static Optional<AttemptId> parseAttempt(byte[] token) {
        var buffer = ByteBuffer.wrap(token);
        var mailbox = new byte[MailboxIdCodec.BYTES];
        var number = buffer.get(mailbox).getLong();
        return number < 1 ? Optional.empty() : Optional.of(new AttemptId(MailboxIdCodec.decode(mailbox), number));
    }

    /// Decodes the token and rejects other spellings of it: base64 leaves four bits of the last letter unused.
    private static Optional<byte[]> decodeCanonical(String token) {
        if (token.length() != TOKEN_LENGTH) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(token);
            var canonical = bytes.length == PAYLOAD_LENGTH + MAC_LENGTH
                    && Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(bytes)
                            .equals(token);
            return canonical ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException expected) {
            return Optional.empty();
        }
    }

    private static byte[] sign(Mac mac, byte[] payload) {
        try {
            return Arrays.copyOf(((Mac) mac.clone()).doFinal(payload), MAC_LENGTH);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("This Java's HMAC-SHA256 cannot be copied; use another provider.", e);
        }
    }

    private static Mac mac(byte[] key) {
        if (key.length < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException("A token key has " + key.length + " bytes; it needs at least 16.");
        }
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HMAC-SHA256; use a Java with it.", e);
        }
    }
}
