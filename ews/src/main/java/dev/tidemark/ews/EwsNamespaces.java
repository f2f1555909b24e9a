package dev.tidemark.ews;

/// The namespaces of the protocol. Prefixes vary from server to server; only these names count.
final class EwsNamespaces {
    /// SOAP 1.1, the only version that Exchange sends (docs, web service reference).
    static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

    static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";

    static final String AUTODISCOVER = "http://schemas.microsoft.com/exchange/2010/Autodiscover";
    static final String ADDRESSING = "http://www.w3.org/2005/08/addressing";

    private EwsNamespaces() {}
}
