package dev.tidemark.ews;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tidemark.ews.config.AssertionSigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

/// Signs client assertions as JSON Web Tokens, by Nimbus. Called by the thread that fetches a token; has no
/// state.
final class ClientAssertionSigner {
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private ClientAssertionSigner() {}

    /// Returns a client assertion (RFC 7523, section 3), signed by RS256, which both Entra and AD FS accept.
    public static String assertion(AssertionSigningKey key, String clientId, URI audience, Instant now) {
        var claims = new JWTClaimsSet.Builder()
                .issuer(clientId)
                .subject(clientId)
                .audience(audience.toString())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
        try {
            var jwt = new SignedJWT(header(key.certificate()), claims);
            jwt.sign(new RSASSASigner(key.key()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("The client assertion cannot be signed.", e);
        }
    }

    /// Returns the members of a JSON object; empty if the text is not one.
    public static Map<String, Object> object(byte[] text) {
        try {
            return JSONObjectUtils.parse(new String(text, StandardCharsets.UTF_8));
        } catch (ParseException notAnObject) {
            return Map.of();
        }
    }

    /// Returns a header with both thumbprints; AD FS reads only the older one.
    @SuppressWarnings("deprecation")
    private static JWSHeader header(X509Certificate certificate) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .x509CertThumbprint(sha1(certificate))
                .x509CertSHA256Thumbprint(X509CertUtils.computeSHA256Thumbprint(certificate))
                .build();
    }

    private static Base64URL sha1(X509Certificate certificate) {
        try {
            return Base64URL.encode(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A certificate that was read cannot be hashed.", e);
        }
    }
}
