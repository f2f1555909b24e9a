package dev.tidemark.listener;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.model.AttemptId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides about a request by its head alone. [CallbackHandler] calls it for each request before it reads the
/// body. The order of the checks is part of the contract: a client without a token learns only that nothing is
/// here. Thread-safe.
final class CallbackAdmissionPolicy {
    /// Decision about one request.
    sealed interface AdmissionResult {
        record Rejected(CallbackResponse response) implements AdmissionResult {}

        record Accepted(CallbackBodyReader bodyReader) implements AdmissionResult {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackAdmissionPolicy.class);
    static final String PATH = "/ews/notifications/";
    private static final String DEFAULT_CONTENT_TYPE = "text/xml; charset=utf-8";
    private static final Pattern XML = Pattern.compile("(text|application)/xml|[a-z]+/[a-z0-9.-]+\\+xml");

    private final String prefix;
    private final CallbackTokenCodec tokens;
    private final ListenerLifecycle lifecycle;
    private final CallbackIntake intake;
    private volatile ClientAddressFilter addressFilter;
    private volatile CallbackBodyReader.Dependencies dependencies;

    CallbackAdmissionPolicy(
            String pathPrefix,
            ClientAddressFilter addressFilter,
            CallbackTokenCodec tokens,
            ListenerLifecycle lifecycle,
            CallbackIntake intake,
            CallbackBodyReader.Dependencies dependencies) {
        prefix = pathPrefix + PATH;
        this.addressFilter = addressFilter;
        this.tokens = tokens;
        this.lifecycle = lifecycle;
        this.intake = intake;
        this.dependencies = dependencies;
    }

    /// Applies other limits to later requests.
    void setLimits(ClientAddressFilter nextFilter, int maxBody) {
        var before = dependencies;
        addressFilter = nextFilter;
        dependencies = new CallbackBodyReader.Dependencies(
                maxBody, before.limiter(), before.stats(), before.clock(), before.receiver());
    }

    AdmissionResult evaluate(RequestHead head) {
        var client = addressFilter.clientAddress(head.peer(), head.forwardedFor());
        if (!addressFilter.isAllowed(client)) {
            return reject(RejectionReason.ADDRESS, client);
        }
        var attempt = attempt(head.path());
        if (attempt.isEmpty()) {
            return reject(RejectionReason.TOKEN, client);
        }
        var rejection = rejectionReason(head);
        if (rejection.isPresent()) {
            return reject(rejection.get(), client);
        }
        return dependencies
                .limiter()
                .tryAcquire(attempt.get().mailbox())
                .<AdmissionResult>map(permit -> new AdmissionResult.Accepted(
                        new CallbackBodyReader(dependencies, permit, attempt.get(), client, head.length())))
                .orElseGet(() -> reject(RejectionReason.QUEUE, client));
    }

    private Optional<AttemptId> attempt(String path) {
        return path.startsWith(prefix) ? tokens.verify(path.substring(prefix.length())) : Optional.empty();
    }

    private Optional<RejectionReason> rejectionReason(RequestHead head) {
        if (!head.method().equals("POST")) {
            return Optional.of(RejectionReason.METHOD);
        }
        if (!isXml(head)) {
            return Optional.of(RejectionReason.TYPE);
        }
        if (head.length() > dependencies.maxBody()) {
            return Optional.of(RejectionReason.LENGTH);
        }
        if (!lifecycle.isAccepting()) {
            return Optional.of(RejectionReason.STOPPING);
        }
        return intake.accepting() ? Optional.empty() : Optional.of(RejectionReason.STORE);
    }

    /// Returns true if the head announces an uncompressed XML body. A compressed body is refused, because its
    /// unpacked length is unknown.
    private static boolean isXml(RequestHead head) {
        return hasDefaultContentType(head) || hasXmlContentType(head);
    }

    /// Returns true for the content type that Exchange sends, which needs no parsing.
    private static boolean hasDefaultContentType(RequestHead head) {
        return head.contentEncoding().isEmpty()
                && head.contentType().filter(DEFAULT_CONTENT_TYPE::equals).isPresent();
    }

    private static boolean hasXmlContentType(RequestHead head) {
        var type = head.contentType().orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        var uncompressed = head.contentEncoding().orElse("identity").strip().equalsIgnoreCase("identity");
        return uncompressed && XML.matcher(type).matches();
    }

    private AdmissionResult reject(RejectionReason reason, String client) {
        LOG.debug("Rejected a request from {}: {}", client, reason);
        dependencies.stats().countRefused(reason);
        return new AdmissionResult.Rejected(reason.response());
    }
}
