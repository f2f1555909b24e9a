package dev.tidemark.ews.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Reads the text files of operators: configuration, lists, secrets, PEM files. Accepts UTF-8 with or without a
/// byte order mark, and UTF-16 and UTF-32 with one, as Windows PowerShell and Notepad write them. Never
/// replaces an unreadable byte. Has no state.
public final class TextFiles {
    /// Encodings with a byte order mark, longest mark first: that of UTF-32LE begins with that of UTF-16LE.
    private static final List<Encoding> MARKED = List.of(
            new Encoding(StandardCharsets.UTF_32LE, "fffe0000"),
            new Encoding(StandardCharsets.UTF_32BE, "0000feff"),
            new Encoding(StandardCharsets.UTF_8, "efbbbf"),
            new Encoding(StandardCharsets.UTF_16LE, "fffe"),
            new Encoding(StandardCharsets.UTF_16BE, "feff"));

    private static final Encoding UNMARKED = new Encoding(StandardCharsets.UTF_8, "");

    private TextFiles() {}

    private record Encoding(Charset charset, String mark) {
        boolean begins(byte[] content) {
            return HexFormat.of()
                    .formatHex(content, 0, Math.min(length(), content.length))
                    .equals(mark);
        }

        int length() {
            return mark.length() / 2;
        }
    }

    /// Returns the text without its byte order mark; every line ends with `\n`.
    ///
    /// @throws UnreadableTextException if it is not text
    public static String read(Path file) throws IOException {
        return decode(Files.readAllBytes(file));
    }

    /// Returns a text such as PEM, whose significant part is ASCII. Remarks in it may be in any encoding.
    public static byte[] ascii(byte[] content) {
        return marked(content)
                .filter(encoding -> !encoding.charset().equals(StandardCharsets.UTF_8))
                .map(encoding -> new String(
                                content, encoding.length(), content.length - encoding.length(), encoding.charset())
                        .getBytes(StandardCharsets.US_ASCII))
                .orElse(content);
    }

    static String decode(byte[] content) throws UnreadableTextException {
        var encoding = marked(content).orElse(UNMARKED);
        var bytes = ByteBuffer.wrap(content, encoding.length(), content.length - encoding.length())
                .slice();
        var text = CharBuffer.allocate(bytes.remaining());
        var decoder = encoding.charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var broken = decoder.decode(bytes, text, true).isError();
        text.flip();
        if (broken) {
            throw new UnreadableTextException(lastLine(text), notText(encoding, bytes));
        }
        return requireText(text.toString());
    }

    private static Optional<Encoding> marked(byte[] content) {
        return MARKED.stream().filter(each -> each.begins(content)).findFirst();
    }

    private static String notText(Encoding encoding, ByteBuffer at) {
        var known = encoding.charset().name();
        return encoding.length() == 0
                ? "the text is not UTF-8 (byte %02X, as in Windows-1252); save the file as UTF-8".formatted(at.get())
                : "the text is not " + known + ", as its byte order mark shows; save the file as UTF-8";
    }

    /// Rejects zero bytes, which are valid UTF-8. In most alphabets, half of the bytes of UTF-16 are zero.
    private static String requireText(String text) throws UnreadableTextException {
        var zero = text.indexOf('\0');
        if (zero >= 0) {
            throw new UnreadableTextException(
                    lastLine(text.substring(0, zero)),
                    "the text holds zero bytes, as in UTF-16 without a byte order mark; save the file as UTF-8");
        }
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static int lastLine(CharSequence text) {
        return 1 + (int) text.chars().filter(each -> each == '\n').count();
    }
}
