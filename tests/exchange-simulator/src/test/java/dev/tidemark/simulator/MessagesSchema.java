package dev.tidemark.simulator;

import dev.tidemark.simulator.soap.SoapReader;
import dev.tidemark.testsupport.EwsSchema;
import java.io.IOException;
import javax.xml.XMLConstants;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.SAXException;

/// The simulator's own schema, and that of Exchange Server SE, if it lies beside the project.
final class MessagesSchema {
    private static final String OWN = "description/";

    private final Schema own = own();

    private static Schema own() {
        try {
            return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                    .newSchema(SimulatedExchange.class.getResource(OWN + "messages.xsd"));
        } catch (SAXException e) {
            throw new AssertionError("The simulator's own schema cannot be read.", e);
        }
    }

    boolean isHere() {
        return EwsSchema.find().isPresent();
    }

    void validate(String document) throws SAXException {
        if (isHere()) {
            EwsSchema.find().orElseThrow().validate(document);
        }
    }

    void check(String document) {
        try {
            own.newValidator().validate(new DOMSource(SoapReader.read(document).body()));
            validate(document);
        } catch (SAXException | IOException e) {
            throw new AssertionError(e.getMessage() + "\n" + document, e);
        }
    }
}
