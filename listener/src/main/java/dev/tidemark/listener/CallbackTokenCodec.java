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

/// The last part of a call-back's address: it names the attempt and proves that we gave it out.
///
/// A token is base64url over 10 bytes of mailbox id, 8 bytes of attempt number and the first 16 bytes of an
/// HMAC-SHA256 over both, so it is verified from memory alone. Safe for use by many threads.
public final class CallbackTokenCodec {
    private static final int MAC_LENGTH = 16;
    private static final int PAYLOAD_LENGTH = MailboxIdCodec.BYTES + Long.BYTES;
    private static final int TOKEN_LENGTH = 46;
    private static final int MIN_KEY_LENGTH = 16;

    private final List<Mac> macs;

    /// Tokens are made with `key`; those made with a key of `previous` still count. Keys are random bytes, 32
    /// by preference and 16 at least.
    public CallbackTokenCodec(byte[] key, List<byte[]> previous) {
        macs = Stream.concat(Stream.of(key), previous.stream())
                .map(CallbackTokenCodec::mac)
                .toList();
    }

    /// The attempt's token: 46 letters, digits, `-` and `_`, always the same for the same key.
    public String mint(AttemptId attempt) {
        var named = ByteBuffer.allocate(PAYLOAD_LENGTH)
                .put(MailboxIdCodec.encode(attempt.mailbox()))
                .putLong(attempt.number())
                .array();
        var token = ByteBuffer.allocate(PAYLOAD_LENGTH + MAC_LENGTH).put(named).put(sign(macs.getFirst(), named));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /// The attempt that `token` proves; empty for whatever we did not give out, however it is shaped.
    public Optional<AttemptId> verify(String token) {
        return decodeCanonical(token).filter(this::isAuthentic).flatMap(CallbackTokenCodec::parseAttempt);
    }

    private boolean isAuthentic(byte[] token) {
        var named = Arrays.copyOf(token, PAYLOAD_LENGTH);
        var given = Arrays.copyOfRange(token, PAYLOAD_LENGTH, token.length);
        var known = false;
        for (var mac : macs) {
            known |= MessageDigest.isEqual(sign(mac, named), given);
        }
        return known;
    }

    private static Optional<AttemptId> parseAttempt(byte[] token) {
        var buffer = ByteBuffer.wrap(token);
        var mailbox = new byte[MailboxIdCodec.BYTES];
        var number = buffer.get(mailbox).getLong();
        return number < 1 ? Optional.empty() : Optional.of(new AttemptId(MailboxIdCodec.decode(mailbox), number));
    }

    /// Base64 leaves four bits of the last letter unused: other letters for them would be other names of one
    /// token.
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

    private static byte[] sign(Mac mac, byte[] named) {
        try {
            return Arrays.copyOf(((Mac) mac.clone()).doFinal(named), MAC_LENGTH);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("This Java's HMAC-SHA256 cannot be copied; use another provider.", e);
        }
    }

    private static Mac mac(byte[] key) {
        if (key.length < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException("A token key has " + key.length + " bytes; it needs 16 at least.");
        }
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HMAC-SHA256; use one that has.", e);
        }
    }
}
