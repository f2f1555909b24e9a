package dev.tidemark.ews;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Relevant fields of the server's CHALLENGE_MESSAGE (MS-NLMP, 2.2.1.2). Created once per handshake; its arrays
/// never change.
final class NtlmChallenge {
    private static final byte[] SIGNATURE = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0};
    private static final int TYPE = 2;
    private static final int MIN_LENGTH = 32;
    private static final int WITH_TARGET_INFO = 48;

    private final int flags;
    private final byte[] nonce;
    private final Map<Integer, byte[]> targetInfo;

    private NtlmChallenge(int flags, byte[] nonce, Map<Integer, byte[]> targetInfo) {
        this.flags = flags;
        this.nonce = nonce;
        this.targetInfo = targetInfo;
    }

    /// Reads a challenge; throws [IllegalArgumentException] for any other message.
    static NtlmChallenge read(byte[] message) {
        var buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        if (message.length < MIN_LENGTH
                || !Arrays.equals(Arrays.copyOf(message, SIGNATURE.length), SIGNATURE)
                || buffer.getInt(8) != TYPE) {
            throw new IllegalArgumentException("no NTLM challenge");
        }
        var flags = buffer.getInt(20);
        if ((flags & NtlmCrypto.UNICODE) == 0 || (flags & NtlmCrypto.EXTENDED_SESSION_SECURITY) == 0) {
            throw new IllegalArgumentException("a challenge for an older NTLM than version 2");
        }
        return new NtlmChallenge(flags, Arrays.copyOfRange(message, 24, 32), targetInfo(message, buffer, flags));
    }

    int flags() {
        return flags;
    }

    /// Returns the eight bytes of the server's nonce.
    byte[] nonce() {
        return nonce;
    }

    /// Returns the values of the AV_PAIRs by their ids, in the server's order.
    Map<Integer, byte[]> targetInfo() {
        return targetInfo;
    }

    Optional<byte[]> timestamp() {
        return Optional.ofNullable(targetInfo.get(NtlmCrypto.AV_TIMESTAMP)).filter(value -> value.length == 8);
    }

    private static Map<Integer, byte[]> targetInfo(byte[] message, ByteBuffer buffer, int flags) {
        var pairs = new LinkedHashMap<Integer, byte[]>();
        if ((flags & NtlmCrypto.TARGET_INFO) == 0 || message.length < WITH_TARGET_INFO) {
            return pairs;
        }
        var at = buffer.getInt(44);
        var end = at + (buffer.getShort(40) & 0xffff);
        if (at < MIN_LENGTH || end < at || end > message.length) {
            throw new IllegalArgumentException("a challenge with target information beyond its end");
        }
        while (end - at >= 4) {
            var id = buffer.getShort(at) & 0xffff;
            var length = buffer.getShort(at + 2) & 0xffff;
            if (id == NtlmCrypto.AV_END) {
                return pairs;
            }
            if (length > end - at - 4) {
                break;
            }
            pairs.put(id, Arrays.copyOfRange(message, at + 4, at + 4 + length));
            at += 4 + length;
        }
        throw new IllegalArgumentException("a challenge with broken target information");
    }
}
