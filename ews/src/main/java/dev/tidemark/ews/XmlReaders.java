package dev.tidemark.ews;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Makes stream readers for untrusted messages; every XML message that Tidemark reads passes here, and
/// [XmlCharacters] before the parser. Thread-safe.
///
/// A factory of Aalto keeps every name that it ever met, so a sender of ever new names could fill the memory.
/// [#open] replaces the factory after a fixed number of bytes; it learns the protocol's few names again at once.
final class XmlReaders {
    private static final long BYTES_PER_FACTORY = 1024 * 1024;

    private volatile Generation generation = new Generation();

    XMLStreamReader open(byte[] message) throws XMLStreamException {
        var current = generation;
        if (current.bytesLeft.addAndGet(-message.length) < 0) {
            // several threads may do so at once; one factory more does no harm
            generation = new Generation();
        }
        var repaired = XmlCharacters.areAllowed(message) ? Optional.<String>empty() : XmlCharacters.repaired(message);
        return repaired.isPresent()
                ? current.factory.createXMLStreamReader(new StringReader(repaired.get()))
                : current.factory.createXMLStreamReader(new ByteArrayInputStream(message));
    }

    private static final class Generation {
        private final XMLInputFactory factory = new InputFactoryImpl();
        private final AtomicLong bytesLeft = new AtomicLong(BYTES_PER_FACTORY);

        private Generation() {
            factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        }
    }
}
