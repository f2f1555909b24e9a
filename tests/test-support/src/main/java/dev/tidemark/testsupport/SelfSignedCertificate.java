package dev.tidemark.testsupport;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Encoder of self-signed certificates (RFC 5280). A process of keytool for each takes half a second of processor time.
///
/// @param hosts names, and addresses of IPv4
record SelfSignedCertificate(String name, List<String> hosts, Instant from, Instant until) {
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int TEXT = 0x0c;
    private static final int TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;

    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");
    private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// Algorithms of keytool's default signatures.
    private enum Signer {
        EC("SHA384withECDSA", "300a06082a8648ce3d040303"),
        RSA("SHA384withRSA", "300d06092a864886f70d01010c0500"),
        EDDSA("Ed25519", "300506032b6570");

        private final String algorithm;
        private final String identifier;

        Signer(String algorithm, String identifier) {
            this.algorithm = algorithm;
            this.identifier = identifier;
        }

        /// Returns the encoded identifier.
        byte[] identifier() {
            return HexFormat.of().parseHex(identifier);
        }

        static Signer of(PublicKey key) {
            return valueOf(key.getAlgorithm().toUpperCase(Locale.ROOT));
        }
    }

    X509Certificate sign(KeyPair pair) throws GeneralSecurityException {
        var signer = Signer.of(pair.getPublic());
        var content = content(pair.getPublic(), signer);
        var signature = Signature.getInstance(signer.algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(content);
        var signed = der(SEQUENCE, content, signer.identifier(), der(BITS, new byte[1], signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
    }

    private byte[] content(PublicKey key, Signer signer) {
        var subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, ascii(name)))));
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, new byte[] {1}),
                signer.identifier(),
                subject,
                der(SEQUENCE, der(TIME, ascii(SECONDS.format(from))), der(TIME, ascii(SECONDS.format(until)))),
                subject,
                key.getEncoded(),
                hosts.isEmpty() ? new byte[0] : alternativeNames());
    }

    private byte[] alternativeNames() {
        var names = der(
                SEQUENCE,
                hosts.stream().map(SelfSignedCertificate::alternativeName).toArray(byte[][]::new));
        return der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAMES, der(OCTETS, names))));
    }

    private static byte[] alternativeName(String host) {
        return host.matches("[0-9.]+")
                ? der(IP_ADDRESS, InetAddress.ofLiteral(host).getAddress())
                : der(DNS_NAME, ascii(host));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] der(int tag, byte[]... parts) {
        var value = new ByteArrayOutputStream();
        for (var part : parts) {
            value.writeBytes(part);
        }
        var encoded = new ByteArrayOutputStream();
        encoded.write(tag);
        writeLength(encoded, value.size());
        encoded.writeBytes(value.toByteArray());
        return encoded.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length >= 256) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 128) {
            out.write(0x81);
        }
        out.write(length);
    }
}
