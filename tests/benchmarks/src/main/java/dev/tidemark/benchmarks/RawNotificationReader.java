package dev.tidemark.benchmarks;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Lower bound for reading a callback with Aalto: one loop over the stream reader that reads the same fields as
/// text and compares the same namespaces. It has no limits, no leniency and no value types, so it is not a
/// decoder.
final class RawNotificationReader {
    private static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
    private static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    private static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";
    private static final XMLInputFactory FACTORY = factory();

    private RawNotificationReader() {}

    /// Returns the texts in document order.
    static List<String> read(byte[] body) throws XMLStreamException {
        var found = new ArrayList<String>(16);
        var reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(body));
        try {
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    readField(reader, found);
                }
            }
        } finally {
            reader.close();
        }
        return found;
    }

    private static void readField(XMLStreamReader reader, List<String> found) throws XMLStreamException {
        switch (reader.getLocalName()) {
            case "Envelope", "Header", "Body" -> require(reader, SOAP);
            case "SendNotification", "ResponseMessages", "Notification" -> require(reader, MESSAGES);
            case "SendNotificationResponseMessage" -> {
                require(reader, MESSAGES);
                found.add(reader.getAttributeValue(null, "ResponseClass"));
            }
            case "ResponseCode" -> {
                require(reader, MESSAGES);
                found.add(reader.getElementText());
            }
            case "SubscriptionId", "PreviousWatermark", "MoreEvents", "Watermark", "TimeStamp" -> {
                require(reader, TYPES);
                found.add(reader.getElementText());
            }
            case "ItemId", "FolderId", "ParentFolderId" -> {
                require(reader, TYPES);
                found.add(reader.getAttributeValue(null, "Id"));
                found.add(reader.getAttributeValue(null, "ChangeKey"));
            }
            default -> require(reader, TYPES);
        }
    }

    private static void require(XMLStreamReader reader, String namespace) throws XMLStreamException {
        if (!namespace.equals(reader.getNamespaceURI())) {
            throw new XMLStreamException("wrong namespace");
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
