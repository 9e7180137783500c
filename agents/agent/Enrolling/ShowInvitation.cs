using System.Globalization;
using QRCoder;
using Spectre.Console;

namespace Fleet.Agent.Enrolling;

/// <summary>The invitation on a screen: with a QR code on a terminal, as lines elsewhere.</summary>
internal static class ShowInvitation
{
    public static void On(IAnsiConsole console, TextWriter output, Invitation invitation)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            foreach (var line in Lines(invitation)) output.WriteLine(line);
            return;
        }
        // Light modules are drawn, dark ones left: with both colours said, and both of those no theme changes, it is the same on every terminal.
        foreach (var line in Rows(invitation.AddressWithCode)) console.WriteLine(line, new Style(Color.Grey100, Color.Grey0));
        console.WriteLine();
        console.MarkupLine($"Scan, or open [bold]{invitation.Address.EscapeMarkup()}[/]");
        console.MarkupLine($"Code         [bold]{invitation.UserCode.EscapeMarkup()}[/]   until {Time(invitation)}");
        console.MarkupLine($"Fingerprint  [bold]{invitation.KeyId.EscapeMarkup()}[/]");
        console.MarkupLine("[grey]Whoever approves is shown the fingerprint: it must be this one.[/]");
    }

    public static IEnumerable<string> Lines(Invitation invitation)
    {
        yield return $"open         {invitation.AddressWithCode}";
        yield return $"code         {invitation.UserCode}";
        yield return $"fingerprint  {invitation.KeyId}";
        yield return $"until        {Time(invitation)}";
    }

    /// <summary>ISO/IEC 18004 with its quiet zone of four modules, two rows of modules to a line; a drawn half is a light module.</summary>
    public static IEnumerable<string> Rows(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var modules = data.ModuleMatrix;      // quiet zone included
        bool Dark(int row, int column) => row < modules.Count && modules[row][column];
        for (var row = 0; row < modules.Count; row += 2)
            yield return string.Concat(Enumerable.Range(0, modules.Count).Select(column => (Dark(row, column), Dark(row + 1, column)) switch
            {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' '
            }));
    }

    private static string Time(Invitation invitation) => invitation.Until.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
