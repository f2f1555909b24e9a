package dev.tidemark.simulator.soap;

import org.w3c.dom.Element;

/// Line and column of an element in its document, counted from 1; zero if unknown.
record SourcePosition(int line, int column) {
    static final String KEY = "position";

    static final SourcePosition UNKNOWN = new SourcePosition(0, 0);

    /// Returns the position of an element.
    public static SourcePosition of(Element element) {
        return element.getUserData(KEY) instanceof SourcePosition position ? position : UNKNOWN;
    }
}
