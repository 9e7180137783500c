using System.Text.Json;

namespace Fleet.Agent.Transcribing;

/// <summary>Devices that were asked the same, or something else worth telling in the same place.</summary>
/// <param name="Kind"><c>asked</c>, <c>switched</c> or <c>began</c>.</param>
/// <param name="Words">Of what is no question.</param>
internal sealed record AskedLine(long Number, DateTimeOffset At, string Kind, string? Grant, IReadOnlyList<string> Devices, IReadOnlyList<string> Oids, string Words = "");

/// <summary>What was asked of whom. Each file names its own questions before it uses them, so its lines are to be read in their order.</summary>
/// <param name="Device">How the address of a device begins, with its port behind a colon; empty for any, and for what is no question.</param>
/// <param name="Object">How an object asked begins; empty for any.</param>
internal sealed record AskedLines(string Device, string Object)
{
    private readonly Dictionary<string, string[]> questions = new(StringComparer.Ordinal);

    public void NextFile() => questions.Clear();

    public AskedLine? Of(LineHead head, ReadOnlyMemory<byte> line)
    {
        if (head.Kind == "sent") return null;
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        switch (head.Kind)
        {
            case "questions":
                questions[json.GetProperty("id").GetString()!] = Texts(json.GetProperty("oids"));
                return null;
            case "asked":
                var oids = questions.GetValueOrDefault(json.GetProperty("questions").GetString()!, []);
                if (Object.Length > 0 && !Array.Exists(oids, oid => oid.StartsWith(Object, StringComparison.Ordinal))) return null;
                string[] devices = [.. Texts(json.GetProperty("devices")).Where(device => device.StartsWith(Device, StringComparison.OrdinalIgnoreCase))];
                return devices.Length == 0 ? null : new(head.Number, head.At, head.Kind, json.GetProperty("grant").GetString(), devices, oids);
            case "switched" when Device.Length == 0 && Object.Length == 0:
                return new(head.Number, head.At, head.Kind, null, [], [], $"{json.GetProperty("group").GetString()} was switched {(json.GetProperty("off").GetBoolean() ? "off" : "on")} at this site");
            case "began" when Device.Length == 0 && Object.Length == 0:
                return new(head.Number, head.At, head.Kind, null, [], [], $"agent {json.GetProperty("agent").GetString()} {json.GetProperty("version").GetString()} began");
            default:
                return null;
        }
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
