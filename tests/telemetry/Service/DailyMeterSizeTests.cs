using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Meters;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>What the daily meters of a fleet take on disk: rows and index, as they are after a week of daily updates, and on the worst day, the first of a week.</summary>
public class DailyMeterSizeTests
{
    private const int Devices = 20_000;
    private const double MostBytes = 200;
    private static readonly string[] Counters = ["life", "total", "mono", "color", "print.mono", "print.color", "copy.mono", "copy.color", "scan", "fax"];
    private static readonly DateOnly Monday = new(2026, 11, 16);

    [Test]
    public async Task A_device_day_takes_less_than_200_bytes()
    {
        await using var telemetry = await RunningTelemetry.StartAsync();
        await using var owner = new NpgsqlConnection(telemetry.Service.Place.DatabaseOf("telemetry").Owner);
        await owner.OpenAsync();
        var (random, weeks) = (new Random(1), Enumerable.Range(0, Devices).Select(_ => new MeterWeek()).ToArray());
        var counts = weeks.Select(_ => Counters.Select(_ => (long)random.Next(2_000_000)).ToArray()).ToArray();

        for (var day = 0; day < 7; day++)
        {
            for (var device = 0; device < Devices; device++)
                for (var c = 0; c < Counters.Length; c++)
                    weeks[device].Close(Monday.AddDays(day), Counters[c], counts[device][c] += random.Next(400));
            await WriteAsync(owner, weeks);
            var bytes = await SizeAsync(owner) / (double)Devices / (day + 1);
            await TestContext.Out.WriteLineAsync($"{Devices} devices, {Counters.Length} counters, day {day + 1} of the week: {bytes:0} bytes a device-day");
            Assert.That(bytes, Is.LessThanOrEqualTo(MostBytes));
        }
    }

    private static async Task WriteAsync(NpgsqlConnection owner, MeterWeek[] weeks)
    {
        await using var command = new NpgsqlCommand(
            "insert into telemetry.daily_meters (tenant_id, key, week) select 'acme', * from unnest($1, $2) on conflict (tenant_id, key) do update set week = excluded.week", owner)
        {
            Parameters =
            {
                new() { Value = weeks.Select((_, i) => DailyMeters.Key(DeviceIdentity.IdOf("acme", "hq", new($"k{i}", "Kyocera", $"SN{i}")), Monday)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = weeks.Select(week => week.Write()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        };
        await command.ExecuteNonQueryAsync();
        // What autovacuum does in its time.
        await using var vacuum = new NpgsqlCommand("vacuum telemetry.daily_meters", owner);
        await vacuum.ExecuteNonQueryAsync();
    }

    private static async Task<long> SizeAsync(NpgsqlConnection owner)
    {
        await using var size = new NpgsqlCommand("select pg_total_relation_size('telemetry.daily_meters')", owner);
        return (long)(await size.ExecuteScalarAsync())!;
    }
}
