package dev.tidemark.ews;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// Decompresses a body that starts with the bytes of gzip (RFC 1952, section 2.3.1). XML and JSON never start
/// with them. Ignores the header `Content-Encoding`: some servers name a charset there, some do not compress,
/// and some compress without a request for it. Called by the request's thread.
final class GzipBody {
    private static final byte[] MAGIC = {0x1f, (byte) 0x8b};

    private GzipBody() {}

    /// Returns the body in plain form. Blocks until two bytes have arrived.
    static InputStream plain(InputStream body) throws IOException {
        var start = body.readNBytes(MAGIC.length);
        var whole = new PushbackInputStream(body, MAGIC.length);
        whole.unread(start);
        return Arrays.equals(start, MAGIC) ? new GZIPInputStream(whole) : whole;
    }
}
