package dev.tidemark.conformance;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Verifies requests with independent implementations.
final class ReferenceVerifiers {
    /// RFC 8032, section 7.1, test 2: a seed and its public key.
    static final String SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

    private static final String PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

    private ReferenceVerifiers() {}

    static String signingKey() {
        return "whsk_" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SEED));
    }

    /// Verifies with the official library for Java.
    static boolean accepts(String secret, ReceivedCall call) {
        try {
            new Webhook(secret).verify(call.body(), call.headerLists());
            return true;
        } catch (WebhookVerificationException expected) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException("The verifier itself failed.", e);
        }
    }

    /// Verifies `v1a` with the JDK, because no published verifier supports it.
    static boolean acceptsAsymmetric(ReceivedCall call) {
        return Arrays.stream(call.signatures().split(" "))
                .filter(signature -> signature.startsWith("v1a,"))
                .anyMatch(signature -> isSigned(call, signature.substring("v1a,".length())));
    }

    private static boolean isSigned(ReceivedCall call, String signature) {
        try {
            var der = HexFormat.of().parseHex("302a300506032b6570032100" + PUBLIC);
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
            var signed = call.id() + "." + call.timestamp() + "." + call.body();
            verifier.update(signed.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The verifier itself failed.", e);
        }
    }
}
