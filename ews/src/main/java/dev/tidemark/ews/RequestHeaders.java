package dev.tidemark.ews;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What goes over a request besides its body.
final class RequestHeaders {
    private RequestHeaders() {}

    /// The front end finds the server by the anchor, so that the request need not be passed on. Exchange finds it
    /// without one as well, and HTTP would carry other characters than ASCII as question marks.
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

    /// The same for one of those that one server is to get.
    static Map<String, String> of(String soapAction, ServerAffinity affinity) {
        var headers = of(soapAction, Optional.of(affinity.anchor()));
        headers.put("X-PreferServerAffinity", "true");
        affinity.cookie().ifPresent(value -> headers.put("Cookie", ServerAffinity.COOKIE + "=" + value));
        return headers;
    }
}
