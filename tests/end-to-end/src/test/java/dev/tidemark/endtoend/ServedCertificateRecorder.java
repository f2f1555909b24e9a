package dev.tidemark.endtoend;

import dev.tidemark.testsupport.TestIdentity;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Creates certificates of a server, trusts only these, and records which of them clients accepted in full
/// handshakes. A resumed session shows no certificate. Thread-safe.
final class ServedCertificateRecorder extends X509ExtendedTrustManager {
    private final List<TestIdentity> identities;
    private final X509ExtendedTrustManager trust;
    private final Set<X509Certificate> served = ConcurrentHashMap.newKeySet();

    /// @param number number of certificates
    ServedCertificateRecorder(int number) {
        identities = Stream.generate(TestIdentity::create).limit(number).toList();
        trust = TestIdentity.trustManager(identities);
    }

    /// Returns a context for clients.
    SSLContext context() {
        return TestIdentity.trusting(this);
    }

    TestIdentity identity(int index) {
        return identities.get(index);
    }

    /// Returns true if a client accepted this certificate.
    boolean hasServed(TestIdentity identity) {
        return served.contains(identity.certificate());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust.checkServerTrusted(chain, type, socket);
        served.add(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust.checkServerTrusted(chain, type, engine);
        served.add(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust.checkServerTrusted(chain, type);
        served.add(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
