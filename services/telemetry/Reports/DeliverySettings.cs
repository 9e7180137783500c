using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Fleet.Telemetry.Reports;

/// <summary>Where reports may go: <c>FLEET_SMTP_HOST</c>, <c>_PORT</c>, <c>_FROM</c>, <c>_USER</c>, <c>_PASSWORD_FILE</c>, <c>_TLS</c> (<c>starttls</c>, <c>tls</c>, <c>none</c>), <c>FLEET_REPORTS_FOLDER</c>.</summary>
/// <param name="SmtpHost">Null: no mail is sent.</param>
/// <param name="Folder">Null: nothing is written to a folder. Each tenant has one of its own below it.</param>
public sealed record DeliverySettings(string? SmtpHost, int SmtpPort, string From, string? User, string? Password, string Tls, string? Folder)
{
    /// <summary>More than that few servers take.</summary>
    public const long LargestMail = 20 * 1024 * 1024;

    public static DeliverySettings Of(IConfiguration settings) => new(
        settings["FLEET_SMTP_HOST"], int.Parse(settings["FLEET_SMTP_PORT"] ?? "587", CultureInfo.InvariantCulture), settings["FLEET_SMTP_FROM"] ?? "fleet@localhost",
        settings["FLEET_SMTP_USER"], settings["FLEET_SMTP_PASSWORD_FILE"] is { Length: > 0 } file ? File.ReadAllText(file).Trim() : null, settings["FLEET_SMTP_TLS"] ?? "starttls", settings["FLEET_REPORTS_FOLDER"]);
}
