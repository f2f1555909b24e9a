package dev.tidemark.listener;

import java.util.List;
import java.util.Optional;

/// Head of a request: the parts that admission checks before the body.
///
/// @param path path as sent, neither decoded nor normalized; empty if the request has none
/// @param length declared length of the body in bytes; -1 if not declared
record RequestHead(
        String method,
        String path,
        String peer,
        List<String> forwardedFor,
        Optional<String> contentType,
        Optional<String> contentEncoding,
        long length) {}
