package dev.tidemark.listener;

import java.util.List;
import java.util.Optional;

/// What a request says before its body.
///
/// @param path as it was sent, neither decoded nor normalised; empty where the request names none
/// @param length of the body as declared, -1 where it is not
record RequestHead(
        String method,
        String path,
        String peer,
        List<String> forwardedFor,
        Optional<String> contentType,
        Optional<String> contentEncoding,
        long length) {}
