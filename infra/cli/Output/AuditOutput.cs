using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Consents;

namespace Fleet.Cli.Output;

/// <summary>What an audit says: each event outside at once, one line each, then the sums; or the same as one JSON document, written as it comes.</summary>
public sealed class AuditOutput : IDisposable
{
    private const long Step = 100_000;

    private readonly Utf8JsonWriter? _json;
    private readonly Progress? _progress;
    private long _said;

    private AuditOutput(Utf8JsonWriter? json, Progress? progress) => (_json, _progress) = (json, progress);

    public static AuditOutput Text(TimeProvider clock) => new(null, new(clock));

    public static AuditOutput Json()
    {
        var json = new Utf8JsonWriter(Console.OpenStandardOutput(), new() { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("outside");
        return new(json, null);
    }

    public void Found(Outside one)
    {
        if (_json is null)
            Console.WriteLine(Line(one));
        else
        {
            JsonSerializer.Serialize(_json, one, JsonSerializerOptions.Web);
            _json.Flush();
        }
    }

    public void Progress(long events)
    {
        if (events / Step == _said)
            return;
        _said = events / Step;
        _progress?.Say(string.Create(CultureInfo.InvariantCulture, $"{events} events looked at"));
    }

    public void End(Audited audited)
    {
        if (_json is null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{audited.Events} events of {audited.Tenants} tenants, {audited.OfDevices} of devices: {audited.Outside} outside consent"));
            return;
        }
        _json.WriteEndArray();
        _json.WriteNumber("tenants", audited.Tenants);
        _json.WriteNumber("events", audited.Events);
        _json.WriteNumber("ofDevices", audited.OfDevices);
        _json.WriteNumber("outsideConsent", audited.Outside);
        _json.WriteEndObject();
        _json.Flush();
        Console.WriteLine();
    }

    /// <summary>tenant, stream, event, observed at, field group, why.</summary>
    public static string Line(Outside one) => $"outside: {one.Tenant} {one.Stream} {one.Event} {one.ObservedAt?.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {one.FieldGroup} {one.Why}";

    public void Dispose() => _json?.Dispose();
}
