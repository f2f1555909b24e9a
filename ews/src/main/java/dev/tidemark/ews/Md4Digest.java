package dev.tidemark.ews;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Computes MD4 (RFC 1320). NTLM hashes passwords with it and no JVM offers it. Must not be used for anything
/// else.
final class Md4Digest {
    private static final int[][] SHIFTS = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    private static final int[] CONSTANTS = {0, 0x5a827999, 0x6ed9eba1};
    private static final int[][] ORDERS = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
        {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}
    };

    private Md4Digest() {}

    static byte[] digest(byte[] message) {
        var padded = Arrays.copyOf(message, (message.length + 8) / 64 * 64 + 64);
        padded[message.length] = (byte) 0x80;
        var blocks = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
        blocks.putLong(padded.length - 8, message.length * 8L);
        int[] state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
        var block = new int[16];
        for (var at = 0; at < padded.length; at += 64) {
            blocks.position(at)
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(block);
            mix(state, block);
        }
        var digest = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        digest.asIntBuffer().put(state);
        return digest.array();
    }

    /// Mixes a block into the state. The roles of the four words rotate, so each step is the same.
    private static void mix(int[] state, int[] block) {
        var words = state.clone();
        for (var step = 0; step < 48; step++) {
            var round = step / 16;
            var a = (4 - step % 4) % 4;
            var sum = words[a]
                    + mixed(round, words[(a + 1) % 4], words[(a + 2) % 4], words[(a + 3) % 4])
                    + block[ORDERS[round][step % 16]]
                    + CONSTANTS[round];
            words[a] = Integer.rotateLeft(sum, SHIFTS[round][step % 4]);
        }
        for (var i = 0; i < 4; i++) {
            state[i] += words[i];
        }
    }

    private static int mixed(int round, int x, int y, int z) {
        return switch (round) {
            case 0 -> (x & y) | (~x & z);
            case 1 -> (x & y) | (x & z) | (y & z);
            default -> x ^ y ^ z;
        };
    }
}
