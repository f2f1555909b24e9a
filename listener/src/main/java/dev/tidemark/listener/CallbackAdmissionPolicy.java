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
        record Refused(CallbackResponse answer) implements AdmissionResult {}

        record Admitted(CallbackBodyReader incoming) implements AdmissionResult {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackAdmissionPolicy.class);
    private static final String PATH = "/ews/notifications/";
    private static final String USUAL = "text/xml; charset=utf-8";
    private static final Pattern XML = Pattern.compile("(text|application)/xml|[a-z]+/[a-z0-9.-]+\\+xml");

    private final String prefix;
    private final ClientAddressFilter callers;
    private final CallbackTokenCodec tokens;
    private final ListenerLifecycle phase;
    private final CallbackIntake intake;
    private final CallbackBodyReader.Frame frame;

    CallbackAdmissionPolicy(
            String pathPrefix,
            ClientAddressFilter callers,
            CallbackTokenCodec tokens,
            ListenerLifecycle phase,
            CallbackIntake intake,
            CallbackBodyReader.Frame frame) {
        prefix = pathPrefix + PATH;
        this.callers = callers;
        this.tokens = tokens;
        this.phase = phase;
        this.intake = intake;
        this.frame = frame;
    }

    AdmissionResult admit(RequestHead head) {
        var caller = callers.caller(head.peer(), head.forwardedFor());
        if (!callers.mayCall(caller)) {
            return refused(RejectionReason.ADDRESS, caller);
        }
        var attempt = attempt(head.path());
        if (attempt.isEmpty()) {
            return refused(RejectionReason.TOKEN, caller);
        }
        var objection = objection(head);
        if (objection.isPresent()) {
            return refused(objection.get(), caller);
        }
        return frame.room().enter()
                ? new AdmissionResult.Admitted(new CallbackBodyReader(frame, attempt.get(), caller, head.length()))
                : refused(RejectionReason.QUEUE, caller);
    }

    private Optional<AttemptId> attempt(String path) {
        return path.startsWith(prefix) ? tokens.verify(path.substring(prefix.length())) : Optional.empty();
    }

    private Optional<RejectionReason> objection(RequestHead head) {
        if (!head.method().equals("POST")) {
            return Optional.of(RejectionReason.METHOD);
        }
        if (!isXml(head)) {
            return Optional.of(RejectionReason.TYPE);
        }
        if (head.length() > frame.maxBody()) {
            return Optional.of(RejectionReason.LENGTH);
        }
        if (!phase.accepting()) {
            return Optional.of(RejectionReason.STOPPING);
        }
        return intake.accepting() ? Optional.empty() : Optional.of(RejectionReason.STORE);
    }

    /// A compressed body is not XML either, as long as nobody says how long it is when unpacked.
    private static boolean isXml(RequestHead head) {
        return isUsual(head) || isXmlOtherwise(head);
    }

    /// What Exchange says, which needs no closer look.
    private static boolean isUsual(RequestHead head) {
        return head.contentEncoding().isEmpty()
                && head.contentType().filter(USUAL::equals).isPresent();
    }

    private static boolean isXmlOtherwise(RequestHead head) {
        var type = head.contentType().orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        var plain = head.contentEncoding().orElse("identity").strip().equalsIgnoreCase("identity");
        return plain && XML.matcher(type).matches();
    }

    private AdmissionResult refused(RejectionReason why, String caller) {
        LOG.debug("A request from {} is refused: {}", caller, why);
        frame.tally().refused(why);
        return new AdmissionResult.Refused(why.answer());
    }
}
