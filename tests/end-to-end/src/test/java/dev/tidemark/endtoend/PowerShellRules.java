package dev.tidemark.endtoend;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Checks blocks of PowerShell by the names of their commands and the balance of their brackets and quotes.
/// No test can run them: they change an Exchange organization or a Windows machine.
final class PowerShellRules {
    /// Commands of the Exchange Management Shell, Active Directory and Windows, by their documentation.
    private static final Set<String> COMMANDS = Set.of(
            "Format-List",
            "Format-Table",
            "ForEach-Object",
            "Export-Csv",
            "Get-ADUser",
            "Get-CASMailbox",
            "Get-ClientAccessService",
            "Get-DistributionGroup",
            "Get-ExchangeServer",
            "Get-MailboxDatabase",
            "Get-ManagementRoleAssignment",
            "Get-OrganizationConfig",
            "Get-Recipient",
            "Get-ThrottlingPolicyAssociation",
            "Get-User",
            "Get-WebServicesVirtualDirectory",
            "Import-Certificate",
            "Invoke-WebRequest",
            "New-ADComputer",
            "New-ADUser",
            "New-ManagementRoleAssignment",
            "New-ManagementScope",
            "New-ThrottlingPolicy",
            "Read-Host",
            "Resolve-DnsName",
            "Select-Object",
            "Select-String",
            "Set-ADComputer",
            "Set-ADUser",
            "Set-CASMailbox",
            "Set-Content",
            "Set-MailboxDatabase",
            "Set-OrganizationConfig",
            "Set-ThrottlingPolicyAssociation",
            "Test-NetConnection",
            "Where-Object");

    private static final Set<String> PROGRAMS = Set.of("setspn", "ktpass", "netsh", "cd", "try", "catch");
    private static final Pattern COMMAND = Pattern.compile("(?<![\\w.\\\\-])[A-Z][a-z][A-Za-z]*-[A-Z][A-Za-z]+\\b");
    private static final Pattern CONTINUED = Pattern.compile("(`|\\|)\\s*$");
    private static final Pattern PROGRAM = Pattern.compile("[a-z]+");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");

    private PowerShellRules() {}

    static List<String> faults(DocumentSnippet snippet) {
        var lines = snippet.text().lines().toList();
        return Stream.concat(
                        IntStream.range(0, lines.size())
                                .boxed()
                                .flatMap(i -> unknown(lines, i)
                                        .map(name -> snippet.place(i) + ": no rule knows the command " + name)),
                        isBalanced(snippet.text())
                                ? Stream.of()
                                : Stream.of(snippet.place(0) + ": quotes or brackets do not match"))
                .toList();
    }

    private static Stream<String> unknown(List<String> lines, int i) {
        var line = QUOTED.matcher(lines.get(i)).replaceAll("''");
        var commands = COMMAND.matcher(line).results().map(MatchResult::group).filter(name -> !COMMANDS.contains(name));
        var begins = i == 0 || !CONTINUED.matcher(lines.get(i - 1)).find();
        var first = line.strip().split(" ", 2)[0];
        return begins && PROGRAM.matcher(first).matches() && !PROGRAMS.contains(first)
                ? Stream.concat(commands, Stream.of(first))
                : commands;
    }

    private static boolean isBalanced(String text) {
        var bare = QUOTED.matcher(text).replaceAll("");
        return bare.chars().noneMatch(c -> c == '"' || c == '\'')
                && Stream.of("()", "{}", "[]")
                        .allMatch(pair -> count(bare, pair.charAt(0)) == count(bare, pair.charAt(1)));
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }
}
