package dev.tidemark.authservers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jcifs.ntlmssp.Type1Message;
import jcifs.ntlmssp.Type3Message;
import jcifs.smb.NtlmUtil;

/// Guards a server by NTLM version 2, one login per connection, for `EXAMPLE\svc` with the password `p@ssw0rd`.
/// It parses messages with jcifs and verifies them with its own arithmetic, so it shares no code with the
/// client.
public final class NtlmGuard implements RequestGuard {
    public static final String DOMAIN = "EXAMPLE";
    public static final String USER = "svc";
    public static final String PASSWORD = "p@ssw0rd";

    private static final byte[] NONCE = {1, 35, 69, 103, -119, -85, -51, -17};

    private final Map<Integer, byte[][]> begun = new ConcurrentHashMap<>();
    private final Set<Integer> known = ConcurrentHashMap.newKeySet();

    /// Channel binding that Extended Protection compares; empty if it is off.
    public volatile Optional<byte[]> channel = Optional.empty();
    public volatile String service = "HTTP/localhost";
    public volatile boolean sendsTimestamp = true;
    /// Requires integrity codes and service names, which the JDK's client does not support.
    public volatile boolean strict = true;
    /// Changes to AUTHENTICATE messages and to challenges, as by a man in the middle.
    public volatile UnaryOperator<byte[]> tampering = UnaryOperator.identity();
    public volatile UnaryOperator<byte[]> forging = UnaryOperator.identity();
    /// Reason of the last refusal.
    public volatile String verdict = "";

    @Override
    public boolean allows(HttpExchange exchange) throws IOException {
        var port = exchange.getRemoteAddress().getPort();
        var token = RequestGuard.authorization(exchange, "NTLM").map(Base64.getDecoder()::decode);
        if (token.isEmpty()) {
            return known.contains(port) || RequestGuard.unauthorized(exchange, "Negotiate", "NTLM");
        }
        known.remove(port);
        var message = tampering.apply(token.get());
        if (message[8] == 1) {
            new Type1Message(message);
            var challenge = challenge();
            begun.put(port, new byte[][] {message, challenge});
            return RequestGuard.unauthorized(
                    exchange, "NTLM " + Base64.getEncoder().encodeToString(forging.apply(challenge)));
        }
        var before = begun.remove(port);
        verdict = before == null ? "no challenge" : verify(before[0], before[1], message);
        if (!verdict.isEmpty()) {
            return RequestGuard.unauthorized(exchange, "Negotiate", "NTLM");
        }
        known.add(port);
        return true;
    }

    /// Forgets all logins, as a server does that recycles its pool.
    public void forget() {
        known.clear();
    }

    private byte[] challenge() {
        var info = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        pair(info, 2, DOMAIN.getBytes(StandardCharsets.UTF_16LE));
        pair(info, 1, "EX01".getBytes(StandardCharsets.UTF_16LE));
        if (sendsTimestamp) {
            pair(info, 7, new byte[] {0, -128, 62, -43, -34, -79, -99, 1});
        }
        pair(info, 0, new byte[0]);
        var target = Arrays.copyOf(info.array(), info.position());
        return ByteBuffer.allocate(56 + target.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("NTLMSSP\0".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putLong(56L << 32)
                .putInt(0xa2898205)
                .put(NONCE)
                .putLong(0)
                .putShort((short) target.length)
                .putShort((short) target.length)
                .putInt(56)
                .putLong(0)
                .put(target)
                .array();
    }

    private static void pair(ByteBuffer info, int id, byte[] value) {
        info.putShort((short) id).putShort((short) value.length).put(value);
    }

    private String verify(byte[] negotiate, byte[] challenge, byte[] bytes) throws IOException {
        var message = new Type3Message(bytes);
        var response = message.getNTResponse();
        if (response.length <= 24) {
            return "not version 2";
        }
        if (!message.getUser().equals(USER)) {
            return "unknown user " + message.getUser();
        }
        var key = NtlmUtil.nTOWFv2(message.getDomain(), message.getUser(), PASSWORD);
        var proof = Arrays.copyOf(response, 16);
        var blob = Arrays.copyOfRange(response, 16, response.length);
        if (!MessageDigest.isEqual(proof, hmac(key, NONCE, blob))) {
            return "wrong password";
        }
        return strict ? verify(negotiate, challenge, bytes, hmac(key, proof), pairs(blob)) : "";
    }

    private String verify(
            byte[] negotiate, byte[] challenge, byte[] bytes, byte[] session, Map<Integer, byte[]> pairs) {
        if ((pairs.getOrDefault(6, new byte[1])[0] & 2) == 0) {
            return "no integrity code";
        }
        var bare = bytes.clone();
        Arrays.fill(bare, 72, 88, (byte) 0);
        if (!Arrays.equals(Arrays.copyOfRange(bytes, 72, 88), hmac(session, negotiate, challenge, bare))) {
            return "wrong integrity code";
        }
        if (!service.equals(new String(pairs.getOrDefault(9, new byte[0]), StandardCharsets.UTF_16LE))) {
            return "for another service";
        }
        if (channel.isPresent() && !Arrays.equals(channel.get(), pairs.get(10))) {
            return "another channel";
        }
        return "";
    }

    private static Map<Integer, byte[]> pairs(byte[] blob) {
        var at = 28;
        var all = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        var pairs = new HashMap<Integer, byte[]>();
        while (all.getShort(at) != 0) {
            var length = all.getShort(at + 2);
            pairs.put((int) all.getShort(at), Arrays.copyOfRange(blob, at + 4, at + 4 + length));
            at += 4 + length;
        }
        return pairs;
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(key, "HmacMD5"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
