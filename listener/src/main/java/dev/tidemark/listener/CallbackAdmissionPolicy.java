package dev.tidemark.listener;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.model.AttemptId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides about a request by its head alone. The order of the checks is part of the contract: what a caller
/// without a token can learn is that nothing is here.
final class CallbackAdmissionPolicy {
    /// What to do with a request.
    sealed interface AdmissionResult {
        record Rejected(CallbackResponse answer) implements AdmissionResult {}

        record Accepted(CallbackBodyReader incoming) implements AdmissionResult {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackAdmissionPolicy.class);
    private static final String PATH = "/ews/notifications/";
    private static final String DEFAULT_CONTENT_TYPE = "text/xml; charset=utf-8";
    private static final Pattern XML = Pattern.compile("(text|application)/xml|[a-z]+/[a-z0-9.-]+\\+xml");

    private final String prefix;
    private final ClientAddressFilter addressFilter;
    private final CallbackTokenCodec tokens;
    private final ListenerLifecycle lifecycle;
    private final CallbackIntake intake;
    private final CallbackBodyReader.Dependencies dependencies;

    CallbackAdmissionPolicy(
            String pathPrefix,
            ClientAddressFilter callers,
            CallbackTokenCodec tokens,
            ListenerLifecycle phase,
            CallbackIntake intake,
            CallbackBodyReader.Dependencies frame) {
        prefix = pathPrefix + PATH;
        this.addressFilter = callers;
        this.tokens = tokens;
        this.lifecycle = phase;
        this.intake = intake;
        this.dependencies = frame;
    }

    AdmissionResult evaluate(RequestHead head) {
        var caller = addressFilter.clientAddress(head.peer(), head.forwardedFor());
        if (!addressFilter.isAllowed(caller)) {
            return reject(RejectionReason.ADDRESS, caller);
        }
        var attempt = attempt(head.path());
        if (attempt.isEmpty()) {
            return reject(RejectionReason.TOKEN, caller);
        }
        var objection = rejectionReason(head);
        if (objection.isPresent()) {
            return reject(objection.get(), caller);
        }
        return dependencies.room().tryAcquire()
                ? new AdmissionResult.Accepted(new CallbackBodyReader(dependencies, attempt.get(), caller, head.length()))
                : reject(RejectionReason.QUEUE, caller);
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

    /// A compressed body is not XML either, as long as nobody says how long it is when unpacked.
    private static boolean isXml(RequestHead head) {
        return hasDefaultContentType(head) || hasXmlContentType(head);
    }

    /// What Exchange says, which needs no closer look.
    private static boolean hasDefaultContentType(RequestHead head) {
        return head.contentEncoding().isEmpty()
                && head.contentType().filter(DEFAULT_CONTENT_TYPE::equals).isPresent();
    }

    private static boolean hasXmlContentType(RequestHead head) {
        var type = head.contentType().orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        var plain = head.contentEncoding().orElse("identity").strip().equalsIgnoreCase("identity");
        return plain && XML.matcher(type).matches();
    }

    private AdmissionResult reject(RejectionReason why, String caller) {
        LOG.debug("A request from {} is refused: {}", caller, why);
        dependencies.tally().countRefused(why);
        return new AdmissionResult.Rejected(why.response());
    }
}
