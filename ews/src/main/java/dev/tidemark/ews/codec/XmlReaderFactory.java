package dev.tidemark.ews.codec;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Creates stream readers for untrusted messages. Every XML message that Tidemark reads passes here, and
/// [XmlCharacters] before the parser. Thread-safe.
///
/// A factory of Aalto keeps every name that it has read, so a sender of unlimited new names could fill the
/// memory. [#open] replaces the factory after a fixed number of bytes; the new one quickly learns the
/// protocol's few names.
final class XmlReaderFactory {
    private static final long BYTES_PER_FACTORY = 1024 * 1024;

    /// Length of the byte order mark of UTF-8.
    private static final int MARK = 3;

    private volatile Generation generation = new Generation();

    XMLStreamReader open(byte[] message) throws XMLStreamException {
        var current = generation;
        if (current.bytesLeft.addAndGet(-message.length) < 0) {
            // several threads may do this at the same time; an extra factory does no harm
            generation = new Generation();
        }
        var text = XmlCharacters.areAllowed(message) && !XmlEncoding.isMislabeled(message)
                ? Optional.<String>empty()
                : XmlEncoding.of(message).map(encoding -> XmlCharacters.repaired(new String(message, encoding)));
        return text.isPresent()
                ? current.factory.createXMLStreamReader(
                        new StringReader(text.get().stripLeading()))
                : current.factory.createXMLStreamReader(withoutLeadingBlanks(message));
    }

    /// Removes leading blanks. Scripts before a server add blank lines, but XML requires its declaration first
    /// (section 2.8).
    private static ByteArrayInputStream withoutLeadingBlanks(byte[] message) {
        var start = hasMark(message) && message.length > MARK && message[MARK] <= ' ' && message[MARK] >= 0 ? MARK : 0;
        while (start < message.length && message[start] <= ' ' && message[start] > 0) {
            start++;
        }
        return new ByteArrayInputStream(message, start, message.length - start);
    }

    private static boolean hasMark(byte[] message) {
        return message.length >= MARK
                && message[0] == (byte) 0xEF
                && message[1] == (byte) 0xBB
                && message[2] == (byte) 0xBF;
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
