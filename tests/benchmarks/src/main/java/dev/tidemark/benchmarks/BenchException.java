package dev.tidemark.benchmarks;

/// Something that ends a benchmark; its message is for whoever started it.
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
