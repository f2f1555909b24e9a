package dev.tidemark.simulator;

import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/// Content of the SOAP header: the impersonated mailbox and the requested version.
record SoapRequestHeader(Optional<MailboxAddress> impersonated, String version) {
    private static final String DEFAULT_VERSION = "Exchange2007_SP1";

    /// XSD, ExchangeVersionType.
    private static final Set<String> VERSIONS = Set.of(
            "Exchange2007",
            "Exchange2007_SP1",
            "Exchange2009",
            "Exchange2010",
            "Exchange2010_SP1",
            "Exchange2010_SP2",
            "Exchange2012",
            "Exchange2013",
            "Exchange2013_SP1",
            "Exchange2015",
            "Exchange2016",
            "V2015_10_05",
            "V2016_01_06",
            "V2016_04_13",
            "V2016_07_13",
            "V2016_10_10",
            "V2017_01_07",
            "V2017_04_14",
            "V2017_07_11");

    /// Finds the mailbox of a security identifier.
    interface Sids {
        Optional<MailboxAddress> ownerOf(String sid);
    }

    static SoapRequestHeader read(ChildElementReader header, Sids sids) {
        var impersonated = Optional.<MailboxAddress>empty();
        var version = DEFAULT_VERSION;
        for (var next = header.any(); next.isPresent(); next = header.any()) {
            var element = next.get();
            if (ChildElementReader.is(element, XmlDocumentBuilder.TYPES, "RequestServerVersion")) {
                version = version(element.getAttribute("Version"));
            } else if (ChildElementReader.is(element, XmlDocumentBuilder.TYPES, "ExchangeImpersonation")) {
                impersonated = Optional.of(impersonated(element, sids));
            }
        }
        return new SoapRequestHeader(impersonated, version);
    }

    private static String version(String value) {
        if (!VERSIONS.contains(value)) {
            throw new SoapFaultException(
                    "ErrorInvalidServerVersion", "The server version '" + value + "' in the header is not known.");
        }
        return value;
    }

    private static MailboxAddress impersonated(Element header, Sids sids) {
        var parts = new ChildElementReader(
                new ChildElementReader(header).required(XmlDocumentBuilder.TYPES, "ConnectingSID"));
        var who = parts.any().orElseThrow(SoapRequestHeader::unknownMailbox);
        if (parts.any().isPresent()) {
            throw new SoapFaultException(
                    "ErrorMoreThanOneAccessModeSpecified", "The impersonation header names more than one account.");
        }
        if (!XmlDocumentBuilder.TYPES.equals(who.getNamespaceURI())
                || !Set.of("PrincipalName", "SID", "PrimarySmtpAddress", "SmtpAddress")
                        .contains(who.getLocalName())) {
            throw unknownMailbox();
        }
        if ("SID".equals(who.getLocalName())) {
            return sids.ownerOf(ChildElementReader.text(who)).orElseThrow(SoapRequestHeader::unknownMailbox);
        }
        try {
            return new MailboxAddress(ChildElementReader.text(who));
        } catch (InvalidValueException notAnAddress) {
            throw unknownMailbox();
        }
    }

    private static SoapFaultException unknownMailbox() {
        return new SoapFaultException(
                "ErrorInvalidExchangeImpersonationHeaderData", "The impersonation header names an unknown mailbox.");
    }
}
