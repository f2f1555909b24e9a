package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as PowerShell, spreadsheets and editors write them.
final class ForeignTextTest {
    private static final String LISTED =
            ConfigFileTest.SOUND.replace("mailboxes: [ Ada@Example.com ]", "mailboxes-file: list.txt");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"UTF-8, ''", "UTF-8, \ufeff", "UTF-16LE, \ufeff", "UTF-16BE, \ufeff"})
    void a_list_is_read_in_the_encodings_of_windows(Charset charset, String mark) throws IOException {
        list((mark + "ada@example.com\r\nbob@example.com\r\n").getBytes(charset));
        assertThat(addresses()).containsExactly("ada@example.com", "bob@example.com");
    }

    @Test
    void a_list_in_an_older_encoding_is_a_fault_by_file_line_and_encoding() throws IOException {
        list("ada@example.com\r\n# B\u00fcro\r\n".getBytes(Charset.forName("windows-1252")));
        assertThat(faults(LISTED))
                .containsExactly("list.txt:2:1: the text is not UTF-8 (byte FC, as in Windows-1252); save the file as"
                        + " UTF-8");
    }

    /// A bar stands for a line break.
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Export-Csv, of Windows PowerShell and later ones
                "#TYPE Selected.Microsoft.Exchange.Data.Directory.Management.Mailbox|\"PrimarySmtpAddress\"|"
                        + "\"ada@example.com\"|\"bob@example.com\"|",
                "\"DisplayName\",\"PrimarySmtpAddress\",\"UserPrincipalName\"|"
                        + "\"Lovelace, Ada\",\"ada@example.com\",\"ada@corp.local\"|"
                        + "\"Bob \"\"B\"\" Marley\",\"bob@example.com\",\"bob@corp.local\"|",
                // Select-Object PrimarySmtpAddress > list.txt
                "|PrimarySmtpAddress             |------------------             |"
                        + "ada@example.com                |bob@example.com                |||",
                "Name            PrimarySmtpAddress|----            ------------------|"
                        + "Ada Lovelace    ada@example.com|Bob             bob@example.com|",
                // Excel with a comma as decimal separator
                "sep=;|Name;E-Mail|Lovelace, Ada;ada@example.com|;bob@example.com|",
                "Name\tEmail Address|Ada\tada@example.com|Bob\tbob@example.com|",
                // a single column with separators left over
                "ada@example.com;|bob@example.com,|",
                // address books
                "Ada Lovelace <ada@example.com>|'bob@example.com'|",
                "SMTP:Ada@Example.com|smtp:bob@example.com|",
                "\u201cada@example.com\u201d|mailto:bob@example.com|",
                // web pages and chats
                "\u00a0ada@example.com\u200b|\u200e\u202abob@example.com\u202c\t# Bob|",
                "\tada@example.com# first|   bob@example.com   # second|"
            })
    void a_list_of_another_tool_is_read(String text) throws IOException {
        list(text.replace("|", "\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(addresses()).containsExactly("ada@example.com", "bob@example.com");
    }

    @Test
    void a_number_sign_in_an_address_begins_no_comment() throws IOException {
        list("a#1@example.com # one\n#b@example.com\n".getBytes(StandardCharsets.UTF_8));
        assertThat(addresses()).containsExactly("a#1@example.com");
    }

    @Test
    void what_cannot_be_meant_is_a_fault_at_its_place() throws IOException {
        list("""
                ada@example.com; bob@example.com
                  jos\u00e9@example.com
                c\u200barl@example.com
                Name,DistinguishedName
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(faults(LISTED))
                .containsExactly(
                        "list.txt:1:1: the line holds 2 addresses; write one per line, or begin the file with a line of"
                                + " column names, of which one is PrimarySmtpAddress",
                        "list.txt:2:3: 'jos\u00e9@example.com' holds LATIN SMALL LETTER E WITH ACUTE (U+00E9), which no"
                                + " mailbox address of Exchange has; type it again, and a domain in its xn-- form",
                        "list.txt:3:1: 'c\u200barl@example.com' holds ZERO WIDTH SPACE (U+200B), which no mailbox"
                                + " address of Exchange has; type it again, and a domain in its xn-- form",
                        "list.txt:4:1: 'Name' is not a mail address; write it like ada@example.com");
    }

    @Test
    void an_address_in_the_configuration_is_read_alike() throws IOException {
        assertThat(read(ConfigFileTest.SOUND.replace("Ada@Example.com", "\"\u00a0Ada@Example.com\u200b\""))
                        .groups()
                        .getFirst()
                        .mailboxes())
                .containsExactly(new MailboxAddress("ada@example.com"));
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, \ufeff", "UTF-16LE, \ufeff", "UTF-16BE, \ufeff"})
    void the_configuration_and_its_secrets_may_be_so_too(Charset charset, String mark) throws IOException {
        Files.write(folder.resolve("secret"), (mark + ConfigFileTest.SECRET + "\r\n").getBytes(charset));
        var text = ConfigFileTest.SOUND
                .replace("${env:CRM_SECRET}", "${file:secret}")
                .replace("\n", "\r\n");
        Files.write(folder.resolve("t.yaml"), (mark + text).getBytes(charset));
        assertThat(config().sinks().getFirst().target())
                .isInstanceOfSatisfying(
                        WebhookConfig.class,
                        webhook -> assertThat(webhook.secrets()).containsExactly(ConfigFileTest.SECRET));
    }

    @Test
    void a_configuration_or_secret_in_an_older_encoding_is_a_fault_by_file_line_and_encoding() throws IOException {
        Files.write(folder.resolve("secret"), "\n\u00fc".getBytes(Charset.forName("windows-1252")));
        assertThat(faults(ConfigFileTest.SOUND.replace("${env:CRM_SECRET}", "${file:secret}")))
                .singleElement()
                .asString()
                .startsWith("t.yaml:19:13: sinks.crm.secret: file ")
                .contains("secret, line 2: the text is not UTF-8 (byte FC, as in Windows-1252)");
        Files.write(
                folder.resolve("t.yaml"),
                ("# B\u00fcro\n" + ConfigFileTest.SOUND).getBytes(Charset.forName("windows-1252")));
        assertThat(faults())
                .containsExactly(
                        "t.yaml:1:1: the text is not UTF-8 (byte FC, as in Windows-1252); save the file as UTF-8");
    }

    private void list(byte[] content) throws IOException {
        Files.write(folder.resolve("list.txt"), content);
    }

    private List<String> addresses() throws IOException {
        return read(LISTED).groups().getFirst().mailboxes().stream()
                .map(MailboxAddress::value)
                .toList();
    }

    private TidemarkConfig read(String text) throws IOException {
        Files.writeString(folder.resolve("t.yaml"), text);
        return config();
    }

    private TidemarkConfig config() {
        var environment = Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", ConfigFileTest.SECRET);
        return TidemarkConfig.read(folder.resolve("t.yaml"), name -> Optional.ofNullable(environment.get(name)));
    }

    private List<String> faults(String text) throws IOException {
        Files.writeString(folder.resolve("t.yaml"), text);
        return faults();
    }

    private List<String> faults() {
        var thrown = catchThrowableOfType(ConfigException.class, this::config);
        assertThat(thrown).isNotNull();
        return thrown.faults().stream()
                .map(fault -> fault.text().replace(folder + "/", ""))
                .toList();
    }
}
