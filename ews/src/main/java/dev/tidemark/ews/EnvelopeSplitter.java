package dev.tidemark.ews;

import dev.tidemark.ews.message.MalformedMessageException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/// Splits a sequence of XML documents at the end of each root element, so that each can be read as soon as it
/// is complete. Understands just enough of XML, in encodings that agree with ASCII; the reader of a document
/// validates it. Not thread-safe; used by the stream's thread.
final class EnvelopeSplitter {
    /// Limit of one document in bytes, enough for more than a thousand events.
    static final int MAX_ENVELOPE = 4 * 1024 * 1024;

    private final Source source;
    private final byte[] buffer = new byte[8 * 1024];
    private int from;
    private int to;

    private final ByteArrayOutputStream document = new ByteArrayOutputStream();
    private State state = State.TEXT;
    private int depth;
    private int quote;
    private int last;
    private int beforeLast;

    private enum State {
        TEXT,
        OPENED,
        START_TAG,
        QUOTED,
        END_TAG,
        INSTRUCTION,
        DECLARATION,
        COMMENT,
        CDATA
    }

    /// Source of bytes; returns the number read, or -1 at the end.
    public interface Source {
        int read(byte[] into) throws IOException;
    }

    public EnvelopeSplitter(Source source) {
        this.source = source;
    }

    /// Waits for the next complete document. Empty if the sequence ends between documents.
    public Optional<byte[]> next() throws IOException, MalformedMessageException {
        while (true) {
            while (from < to) {
                if (accept(buffer[from++] & 0xff)) {
                    var whole = document.toByteArray();
                    document.reset();
                    return Optional.of(whole);
                }
            }
            from = 0;
            to = source.read(buffer);
            if (to < 0) {
                to = 0;
                if (document.size() > 0) {
                    throw new EOFException("The stream ended within an envelope.");
                }
                return Optional.empty();
            }
        }
    }

    /// Adds a byte; returns whether it ends a document.
    private boolean accept(int next) throws MalformedMessageException {
        if (document.size() == 0 && isBetweenDocuments(next)) {
            return false;
        }
        if (document.size() == MAX_ENVELOPE) {
            throw new MalformedMessageException("A streamed envelope is larger than " + MAX_ENVELOPE + " bytes.");
        }
        document.write(next);
        var wasDeep = depth;
        var before = state;
        state = after(next);
        // the start of a comment or section must not count as a part of its end
        beforeLast = state == before ? last : 0;
        last = state == before ? next : 0;
        var closed = before == State.END_TAG || (before == State.START_TAG && wasDeep == 0);
        return closed && state == State.TEXT && depth == 0;
    }

    /// Returns whether the byte is a blank, a control character or a part of the byte order mark of UTF-8.
    private static boolean isBetweenDocuments(int next) {
        return next <= ' ' || next == 0xef || next == 0xbb || next == 0xbf;
    }

    private State after(int next) throws MalformedMessageException {
        return switch (state) {
            case TEXT -> text(next);
            case OPENED -> opened(next);
            case START_TAG -> startTag(next);
            case QUOTED -> next == quote ? State.START_TAG : State.QUOTED;
            case END_TAG -> endTag(next);
            case INSTRUCTION -> next == '>' && last == '?' ? State.TEXT : State.INSTRUCTION;
            case DECLARATION -> declaration(next);
            case COMMENT -> next == '>' && last == '-' && beforeLast == '-' ? State.TEXT : State.COMMENT;
            case CDATA -> next == '>' && last == ']' && beforeLast == ']' ? State.TEXT : State.CDATA;
        };
    }

    private State text(int next) throws MalformedMessageException {
        if (next != '<' && depth == 0 && !isBetweenDocuments(next)) {
            throw new MalformedMessageException("There is text between streamed envelopes.");
        }
        return next == '<' ? State.OPENED : State.TEXT;
    }

    private static State opened(int next) {
        return switch (next) {
            case '/' -> State.END_TAG;
            case '?' -> State.INSTRUCTION;
            case '!' -> State.DECLARATION;
            default -> State.START_TAG;
        };
    }

    private State startTag(int next) {
        if (next == '"' || next == '\'') {
            quote = next;
            return State.QUOTED;
        }
        if (next != '>') {
            return State.START_TAG;
        }
        if (last != '/') {
            depth++;
        }
        return State.TEXT;
    }

    private State endTag(int next) throws MalformedMessageException {
        if (next != '>') {
            return State.END_TAG;
        }
        if (--depth < 0) {
            throw new MalformedMessageException("A streamed envelope ends before it begins.");
        }
        return State.TEXT;
    }

    private static State declaration(int next) throws MalformedMessageException {
        return switch (next) {
            case '-' -> State.COMMENT;
            case '[' -> State.CDATA;
            default -> throw new MalformedMessageException("A streamed envelope has a DTD, which SOAP forbids.");
        };
    }
}
