package dev.tidemark.benchmarks.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Reads consecutive HTTP responses, in the subset of HTTP that the servers of a benchmark use. Not thread-safe;
/// used by the generator's thread.
final class ResponseReader {
    private static final int CHUNKED = -1;
    private static final int TO_THE_END = -2;

    private final byte[] bytes = new byte[16 * 1024];
    private int size;
    private int head;
    private int length;
    private byte[] lastHead = {};
    private byte[] goodBody = {};

    void reset() {
        size = 0;
        head = 0;
    }

    /// Reads more bytes; returns whether the response is complete.
    boolean read(ByteBuffer more) {
        var part = more.remaining();
        if (part > bytes.length - size) {
            throw new BenchmarkException("A response is longer than " + bytes.length + " bytes.");
        }
        more.get(bytes, size, part);
        size += part;
        if (head == 0) {
            findHead();
        }
        return head > 0
                && switch (length) {
                    case CHUNKED -> text(head).endsWith("0\r\n\r\n");
                    case TO_THE_END -> false;
                    default -> size - head >= length;
                };
    }

    /// Returns whether the response is complete after the server closed the connection.
    boolean wholeAtEnd() {
        return head > 0 && length == TO_THE_END;
    }

    int status() {
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
    }

    /// Returns whether Exchange would accept the response.
    boolean isAccepted() {
        if (status() != 200) {
            return false;
        }
        if (Arrays.equals(bytes, head, size, goodBody, 0, goodBody.length)) {
            return true;
        }
        var ok = text(head).contains("SubscriptionStatus>OK<");
        goodBody = ok ? Arrays.copyOfRange(bytes, head, size) : goodBody;
        return ok;
    }

    /// Finds the head, which equals the previous one while the date stays the same.
    private void findHead() {
        if (lastHead.length > 0
                && size >= lastHead.length
                && Arrays.equals(bytes, 0, lastHead.length, lastHead, 0, lastHead.length)) {
            head = lastHead.length;
            return;
        }
        for (var i = 3; i < size; i++) {
            if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
                head = i + 1;
                lastHead = Arrays.copyOf(bytes, head);
                length = contentLength(new String(lastHead, StandardCharsets.US_ASCII));
                return;
            }
        }
    }

    private static int contentLength(String head) {
        var lower = head.toLowerCase(Locale.ROOT);
        var at = lower.indexOf("\ncontent-length:");
        if (at >= 0) {
            var start = at + "\ncontent-length:".length();
            return Integer.parseInt(
                    lower.substring(start, lower.indexOf('\r', start)).strip());
        }
        return lower.contains("\ntransfer-encoding: chunked") ? CHUNKED : TO_THE_END;
    }

    private String text(int from) {
        return new String(bytes, from, size - from, StandardCharsets.US_ASCII);
    }
}
