using System.Globalization;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Fleet.Telemetry.Reports;

// a written report -> e-mail (RFC 5322, SMTP) or a file below the configured folder
public static class SendReport
{
    /// <summary>The same for each try of one moment of a schedule: a mail system that has it already can tell.</summary>
    public static string MessageId(string template, DateTimeOffset due) => string.Create(CultureInfo.InvariantCulture, $"{template}.{due:yyyyMMddHHmmss}@fleet");

    public static async Task MailAsync(DeliverySettings settings, IReadOnlyList<string> to, string subject, string messageId, Stream file, string fileName, string contentType, CancellationToken cancel)
    {
        // Not disposed of: it would close the file, which a second try needs.
        var message = new MimeMessage { MessageId = messageId, Subject = subject };
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.Bcc.AddRange(to.Select(MailboxAddress.Parse));      // who else gets it is nobody's business
        file.Position = 0;
        message.Body = new Multipart("mixed")
        {
            new TextPart("plain") { Text = $"{subject}\n" },
            new MimePart(ContentType.Parse(contentType)) { Content = new MimeContent(file), FileName = fileName, ContentTransferEncoding = ContentEncoding.Base64, ContentDisposition = new(ContentDisposition.Attachment) { FileName = fileName } },
        };
        using var smtp = new SmtpClient { Timeout = 30_000 };
        await smtp.ConnectAsync(settings.SmtpHost!, settings.SmtpPort, settings.Tls switch { "none" => SecureSocketOptions.None, "tls" => SecureSocketOptions.SslOnConnect, _ => SecureSocketOptions.StartTls }, cancel);
        if (settings.User is { } user)
            await smtp.AuthenticateAsync(user, settings.Password ?? "", cancel);
        await smtp.SendAsync(message, cancel);
        await smtp.DisconnectAsync(quit: true, cancel);
    }

    /// <summary>Written beside and renamed: whoever watches the folder never sees half a file. A second try writes the same one.</summary>
    public static async Task FileAsync(DeliverySettings settings, string tenant, string folder, Stream file, string fileName, CancellationToken cancel)
    {
        var root = Path.GetFullPath(settings.Folder!);
        var place = Path.GetFullPath(Path.Combine(root, tenant, folder));
        if (!place.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new InvalidOperationException("outside the configured folder");
        Directory.CreateDirectory(place);
        var half = Path.Combine(place, $".{fileName}.part");
        file.Position = 0;
        await using (var target = new FileStream(half, FileMode.Create, FileAccess.Write, FileShare.None))
            await file.CopyToAsync(target, cancel);
        File.Move(half, Path.Combine(place, fileName), overwrite: true);
    }
}
