package dev.tidemark.ews.message;

/// Namespaces of the protocol. Prefixes vary from server to server; only these names identify an element.
public final class EwsNamespaces {
    /// SOAP 1.1, the only version that Exchange sends (docs, web service reference).
    public static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

    public static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    public static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";

    public static final String AUTODISCOVER = "http://schemas.microsoft.com/exchange/2010/Autodiscover";
    public static final String ADDRESSING = "http://www.w3.org/2005/08/addressing";

    private EwsNamespaces() {}
}
