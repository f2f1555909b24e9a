package dev.tidemark.ews.config;

import dev.tidemark.ews.config.ConnectionConfig.ClientProof;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/// Key that signs client assertions, with the certificate that the authority knows. Immutable.
public record AssertionSigningKey(PrivateKey key, X509Certificate certificate) {
    public static AssertionSigningKey read(ClientProof.Certificate proof) {
        var read = TlsStoreReader.signingKey(proof.file(), proof.privateKey());
        if (!read.key().getAlgorithm().equals("RSA")) {
            throw new UnreadableStoreException(proof.file().path() + " holds a key of "
                    + read.key().getAlgorithm() + "; token endpoints take RSA");
        }
        return read;
    }

    @Override
    public String toString() {
        return "SigningKey[" + certificate.getSubjectX500Principal() + "]";
    }
}
