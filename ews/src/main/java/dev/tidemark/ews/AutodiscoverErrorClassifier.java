package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.TextValidator;
import java.util.Optional;

/// Maps an error code of autodiscover, for one mailbox or for a whole request, to the next step of the caller
/// (docs, errorcode-soap). Prefixes each code with `Autodiscover`. Called by [AutodiscoverClient]; has no
/// state.
final class AutodiscoverErrorClassifier {
    private AutodiscoverErrorClassifier() {}

    static EwsError classify(String code, String text) {
        var named = new ResponseCode("Autodiscover" + code);
        return switch (code) {
            case "InvalidUser", "RedirectAddress", "RedirectUrl" ->
                new EwsError.PermanentForMailbox(
                        named,
                        withRemedy(text, "Autodiscover has no mailbox with this address; correct it in mailboxes."));
            case "InvalidDomain", "NotFederated" ->
                new EwsError.PermanentForMailbox(
                        named,
                        withRemedy(
                                text,
                                "Autodiscover does not serve this address's domain; move the mailbox to the"
                                        + " connection of its organization."));
            case "NoEwsUrl" ->
                new EwsError.PermanentForMailbox(
                        named,
                        "Autodiscover returned no EWS address for this mailbox; enable EWS for it, or set"
                                + " the connection's url.");
            case "Roundabout" ->
                new EwsError.PermanentForMailbox(
                        named, "Autodiscover redirects in a loop; correct it, or set the connection's url.");
            case "InvalidRequest", "InvalidSetting", "SettingIsNotAvailable" ->
                new EwsError.PermanentForConnection(
                        named,
                        withRemedy(text, "Autodiscover does not understand the request; set the connection's url."));
            // ServerBusy, InternalServerError, faults and unknown codes
            default ->
                new EwsError.RetryAfter(
                        named, withRemedy(text, "Autodiscover is temporarily unavailable."), Optional.empty());
        };
    }

    private static String withRemedy(String text, String remedy) {
        return text.isBlank() ? remedy : TextValidator.oneLine(text) + " " + remedy;
    }
}
