package dev.tidemark.ews;

import dev.tidemark.values.MailboxAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Builds the headers of requests to Exchange. Called by [HttpEwsClient]; has no state.
final class RequestHeaders {
    private RequestHeaders() {}

    /// Returns the headers of a request for a mailbox. The anchor lets the front end find the server without a
    /// detour. It is optional, and left out for an address beyond ASCII, which HTTP would carry as question marks.
    static Map<String, String> of(String soapAction, Optional<MailboxAddress> impersonated) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Accept", "text/xml");
        headers.put("SOAPAction", soapAction);
        impersonated
                .map(MailboxAddress::value)
                .filter(address -> address.chars().allMatch(each -> each > ' ' && each < 0x7f))
                .ifPresent(address -> headers.put("X-AnchorMailbox", address));
        return headers;
    }

    /// Returns the headers of a request that must reach the server of `affinity`.
    static Map<String, String> of(String soapAction, ServerAffinity affinity) {
        var headers = of(soapAction, Optional.of(affinity.anchor()));
        headers.put("X-PreferServerAffinity", "true");
        affinity.cookie().ifPresent(value -> headers.put("Cookie", ServerAffinity.COOKIE + "=" + value));
        return headers;
    }
}
