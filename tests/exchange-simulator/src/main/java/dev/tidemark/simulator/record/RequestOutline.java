package dev.tidemark.simulator.record;

import dev.tidemark.simulator.soap.SoapReader;
import java.util.Optional;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// Operation and impersonated mailbox of a request.
record RequestOutline(String operation, Optional<String> mailbox) {
    private static final RequestOutline OTHER = new RequestOutline("other", Optional.empty());

    /// Reads a request; one that is no envelope has no operation.
    static RequestOutline of(String request) {
        try {
            var body = SoapReader.read(request).body();
            var root = body.getOwnerDocument().getDocumentElement();
            return new RequestOutline(String.valueOf(body.getLocalName()), impersonated(root));
        } catch (SAXException noEnvelope) {
            return OTHER;
        }
    }

    private static Optional<String> impersonated(Element root) {
        var found = root.getElementsByTagNameNS("*", "ConnectingSID");
        return Optional.ofNullable(found.item(0))
                .map(sid -> String.valueOf(sid.getTextContent()).strip())
                .filter(text -> text.contains("@"));
    }
}
