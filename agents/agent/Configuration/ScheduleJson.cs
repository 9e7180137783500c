using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Scheduling;

namespace Fleet.Agent.Configuration;

/// <summary>A schedule as people write it: a duration without a blank (<c>15m</c>), or a cron expression of five fields (<c>0 6 * * *</c>).</summary>
public sealed class ScheduleJson : JsonConverter<Schedule>
{
    public override Schedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()!.Trim() : "";
        if (DurationJson.TryParse(text, out var every)) return every;
        var (cron, fault) = ReadCron.From(text);
        return cron ?? throw new JsonException($"'{text}' is no duration such as 30s, 15m, 1h or 1d, and as a cron expression it {fault}");
    }

    public override void Write(Utf8JsonWriter writer, Schedule value, JsonSerializerOptions options)
    {
        if (value is Schedule.Cron cron) writer.WriteStringValue(cron.Text);
        else new DurationJson().Write(writer, ((Schedule.Interval)value).Every, options);
    }
}
