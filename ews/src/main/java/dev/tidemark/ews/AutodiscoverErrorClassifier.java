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

    static EwsError to(String code, String text) {
        var named = new ResponseCode("Autodiscover" + code);
        return switch (code) {
            case "InvalidUser", "RedirectAddress", "RedirectUrl" ->
                new EwsError.PermanentForMailbox(
                        named, said(text, "Autodiscover knows no mailbox of this address; correct it in mailboxes."));
            case "InvalidDomain", "NotFederated" ->
                new EwsError.PermanentForMailbox(
                        named,
                        said(
                                text,
                                "Autodiscover does not serve this address's domain; move the mailbox to the"
                                        + " connection of its own organisation."));
            case "NoEwsUrl" ->
                new EwsError.PermanentForMailbox(
                        named,
                        "Autodiscover names no address of EWS for this mailbox; allow it EWS, or give its"
                                + " connection a url.");
            case "Roundabout" ->
                new EwsError.PermanentForMailbox(
                        named, "Autodiscover redirects without end; correct it, or give the connection a url.");
            case "InvalidRequest", "InvalidSetting", "SettingIsNotAvailable" ->
                new EwsError.PermanentForConnection(
                        named, said(text, "Autodiscover does not understand the request; give the connection a url."));
            // ServerBusy, InternalServerError, faults and unknown codes
            default -> new EwsError.RetryAfter(named, said(text, "Autodiscover cannot answer now."), Optional.empty());
        };
    }

    private static String said(String text, String mend) {
        return text.isBlank() ? mend : TextValidator.oneLine(text) + " " + mend;
    }
}
