package dev.tidemark.ews;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Computes the binding of a login to its TLS channel: tls-server-end-point (RFC 5929, section 4). Extended
/// Protection compares it. Has no state.
final class TlsChannelBinding {
    private static final Pattern SHA2 = Pattern.compile("SHA-?(224|256|384|512)WITH.*");

    private TlsChannelBinding() {}

    /// Returns the certificate of the server; empty without TLS.
    static Optional<X509Certificate> serverCertificate(@Nullable SSLSession tls) {
        if (tls == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = tls.getPeerCertificates();
            return chain[0] instanceof X509Certificate x509 ? Optional.of(x509) : Optional.empty();
        } catch (SSLPeerUnverifiedException noCertificate) {
            return Optional.empty();
        }
    }

    /// Returns the prefix and the certificate's hash.
    static byte[] of(X509Certificate certificate) {
        try {
            var hash = MessageDigest.getInstance(digest(certificate)).digest(certificate.getEncoded());
            var prefix = "tls-server-end-point:".getBytes(StandardCharsets.US_ASCII);
            var binding = new byte[prefix.length + hash.length];
            System.arraycopy(prefix, 0, binding, 0, prefix.length);
            System.arraycopy(hash, 0, binding, prefix.length, hash.length);
            return binding;
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("A certificate that TLS accepted cannot be hashed.", e);
        }
    }

    /// Returns the hash of the certificate's signature; SHA-256 in place of MD5 and SHA-1, or if there is none.
    private static String digest(X509Certificate certificate) {
        var name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        var known = SHA2.matcher(name);
        if (known.matches()) {
            return "SHA-" + known.group(1);
        }
        return name.contains("PSS") ? pss(certificate).orElse("SHA-256") : "SHA-256";
    }

    private static Optional<String> pss(X509Certificate certificate) {
        try {
            var parameters = java.security.AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(certificate.getSigAlgParams());
            var digest = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
            return Optional.of(digest).filter(name -> !name.equals("SHA-1"));
        } catch (java.io.IOException | NoSuchAlgorithmException | InvalidParameterSpecException unusual) {
            return Optional.empty();
        }
    }
}
