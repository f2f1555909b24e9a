package dev.tidemark.ews;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.ByteArrayInputStream;
import java.util.concurrent.atomic.AtomicLong;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Makes stream readers for untrusted messages. Safe for use by many threads.
///
/// A factory of Aalto remembers every name that it ever met, which makes it fast, and which lets a sender of
/// ever new names fill the memory. So a factory is replaced after so many bytes: the few names of the
/// protocol are learned again at once.
final class XmlReaders {
    private static final long BYTES_PER_FACTORY = 1024 * 1024;

    private volatile Generation generation = new Generation();

    XMLStreamReader open(byte[] message) throws XMLStreamException {
        var current = generation;
        if (current.bytesLeft.addAndGet(-message.length) < 0) {
            // several threads may do so at once; one factory more does no harm
            generation = new Generation();
        }
        return current.factory.createXMLStreamReader(new ByteArrayInputStream(message));
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
