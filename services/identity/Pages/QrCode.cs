using System.Globalization;
using System.Text;
using QRCoder;

namespace Fleet.Identity.Pages;

/// <summary>ISO/IEC 18004 as SVG: one path, black on white, quiet zone included.</summary>
public static class QrCode
{
    public static Html Of(string text, string title)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var (modules, path) = (data.ModuleMatrix, new StringBuilder());
        for (var y = 0; y < modules.Count; y++)
            for (var x = 0; x < modules.Count; x++)
                if (modules[y][x])
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        return Html.Of($"""<svg viewBox="0 0 {modules.Count} {modules.Count}" role="img" aria-label="{title}" shape-rendering="crispEdges"><path fill="#000" d="{path}"/></svg>""");
    }
}
