package dev.tidemark.ews;

import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.EwsError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Logs in by NTLM version 2, never by an older one, with a message integrity code and the binding to the TLS
/// channel. The library's own scheme is deprecated and supports neither. Called by [LoginRequestExecutor].
/// Thread-safe.
final class NtlmLogin implements HttpLogin.PerConnection {
    private static final byte[] SIGNATURE = "NTLMSSP\0".getBytes(StandardCharsets.US_ASCII);
    private static final int FLAGS = NtlmCrypto.UNICODE
            | NtlmCrypto.REQUEST_TARGET
            | NtlmCrypto.NTLM
            | NtlmCrypto.ALWAYS_SIGN
            | NtlmCrypto.EXTENDED_SESSION_SECURITY
            | NtlmCrypto.KEY_128
            | NtlmCrypto.KEY_56;
    private static final byte[] NO_CHANNEL = new byte[16];

    private final Account account;
    private final String service;
    private final boolean channelBinding;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    private record Account(String domain, String user, String password) {
        static Account of(Auth.Ntlm auth) {
            var backslash = auth.username().indexOf('\\');
            return backslash < 0
                    ? new Account("", auth.username(), auth.password())
                    : new Account(
                            auth.username().substring(0, backslash),
                            auth.username().substring(backslash + 1),
                            auth.password());
        }
    }

    /// Creates a login for one account.
    ///
    /// @param host host of the address, which names the service
    public NtlmLogin(Auth.Ntlm auth, String host, Clock clock) {
        this.account = Account.of(auth);
        this.service = "HTTP/" + host;
        this.channelBinding = auth.channelBinding();
        this.clock = clock;
    }

    @Override
    public EwsError refusalError() {
        return LoginErrors.afterHandshake("NTLM", "username and password");
    }

    @Override
    public Handshake startHandshake(Optional<X509Certificate> server) {
        return new Exchange(server.filter(ignored -> channelBinding)
                .map(TlsChannelBinding::of)
                .map(NtlmCrypto::channelHash)
                .orElse(NO_CHANNEL));
    }

    /// Handshake of NEGOTIATE, CHALLENGE and AUTHENTICATE.
    private final class Exchange implements Handshake {
        private final byte[] negotiate = ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SIGNATURE)
                .putInt(1)
                .putInt(FLAGS)
                .array();

        private final byte[] channel;

        private Exchange(byte[] channel) {
            this.channel = channel;
        }

        @Override
        public String scheme() {
            return "NTLM";
        }

        @Override
        public boolean startsWithoutBody() {
            return true;
        }

        @Override
        public String firstToken() {
            return Base64.getEncoder().encodeToString(negotiate);
        }

        @Override
        public Optional<String> nextToken(String token) throws LoginFailedException {
            try {
                var challenge = Base64.getDecoder().decode(token);
                var nonce = new byte[8];
                random.nextBytes(nonce);
                return Optional.of(Base64.getEncoder().encodeToString(authenticate(challenge, nonce)));
            } catch (IllegalArgumentException broken) {
                throw new LoginFailedException(LoginErrors.unreadable("NTLM", broken), broken);
            }
        }

        private byte[] authenticate(byte[] message, byte[] nonce) {
            var challenge = NtlmChallenge.read(message);
            var key = NtlmCrypto.key(account.domain(), account.user(), account.password());
            var proven = proven(challenge, nonce);
            var proof = NtlmCrypto.hmac(key, challenge.nonce(), proven);
            // if the server sends its time, the old response must be empty
            var old = challenge.timestamp().isPresent()
                    ? new byte[24]
                    : join(NtlmCrypto.hmac(key, challenge.nonce(), nonce), nonce);
            var unsigned = message(challenge.flags() & FLAGS, old, join(proof, proven));
            var integrity = NtlmCrypto.hmac(NtlmCrypto.hmac(key, proof), negotiate, message, unsigned);
            System.arraycopy(integrity, 0, unsigned, MIC, integrity.length);
            return unsigned;
        }

        /// Returns the part of the proof beside the server's nonce: NTLMv2_CLIENT_CHALLENGE (MS-NLMP, 2.2.2.7).
        private byte[] proven(NtlmChallenge challenge, byte[] nonce) {
            var time = challenge.timestamp().orElseGet(() -> NtlmCrypto.fileTime(clock.instant()));
            return join(
                    new byte[] {1, 1, 0, 0, 0, 0, 0, 0}, time, nonce, new byte[4], targetInfo(challenge), new byte[4]);
        }

        private byte[] targetInfo(NtlmChallenge challenge) {
            var pairs = new LinkedHashMap<>(challenge.targetInfo());
            var sent = pairs.getOrDefault(NtlmCrypto.AV_FLAGS, new byte[4]);
            var flags = sent.length == 4 ? sent.clone() : new byte[4];
            // announces the integrity code
            flags[0] |= 2;
            pairs.put(NtlmCrypto.AV_FLAGS, flags);
            pairs.put(NtlmCrypto.AV_TARGET_NAME, NtlmCrypto.utf16(service));
            pairs.put(NtlmCrypto.AV_CHANNEL_BINDINGS, channel);
            var result = new ByteArrayOutputStream();
            pairs.forEach((id, value) -> {
                result.writeBytes(pair(id, value.length));
                result.writeBytes(value);
            });
            result.writeBytes(pair(NtlmCrypto.AV_END, 0));
            return result.toByteArray();
        }
    }

    private static final int HEAD = 88;
    private static final int MIC = 72;

    /// Returns an AUTHENTICATE_MESSAGE (MS-NLMP, 2.2.1.3) with an empty integrity code, without workstation and
    /// session key.
    private byte[] message(int flags, byte[] old, byte[] response) {
        var head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
        head.put(SIGNATURE).putInt(3);
        byte[][] payload = {
            old,
            response,
            NtlmCrypto.utf16(account.domain()),
            NtlmCrypto.utf16(account.user()),
            new byte[0],
            new byte[0]
        };
        var offset = HEAD;
        for (var part : payload) {
            head.putShort((short) part.length).putShort((short) part.length).putInt(offset);
            offset += part.length;
        }
        head.putInt(flags);
        return join(head.array(), join(payload));
    }

    private static byte[] pair(int id, int length) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) id)
                .putShort((short) length)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
