package dev.tidemark.endtoend;

/// Piece of a document that may hold commands.
///
/// @param line number of its first line, from 1
/// @param text block without indentation, or content of a code span
record DocumentSnippet(String file, int line, Kind kind, String text) {
    /// Place of a snippet, which decides how strictly it is read.
    enum Kind {
        /// Block of a shell: each command is known.
        SHELL,
        /// Block of PowerShell: each command is known.
        POWERSHELL,
        /// Code span in a column `command`: it is a command.
        CELL,
        /// Other code span or indented line: it is a command if it begins with a known program.
        SPAN
    }

    String place(int offset) {
        return file + ":" + (line + offset);
    }
}
