package dev.tidemark.cxfendpoint;

/// Namespaces of EWS.
final class CxfNamespaces {
    static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";

    private CxfNamespaces() {}
}
