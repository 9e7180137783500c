using Fleet.Cli.Local;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Defaults.Tests;

/// <summary>`schema` prints for a database at hand nobody has what a start does to it.</summary>
public class PrintSchemaTests
{
    private const string Shape = """
        select string_agg(format('%s.%s %s %s', table_name, column_name, data_type, is_nullable), E'\n' order by table_name, column_name)
        from information_schema.columns where table_schema = 'licensing'
        """;

    [Test, NonParallelizable]
    public async Task What_it_prints_makes_the_schema_a_start_makes_and_may_run_twice()
    {
        await using var started = await RunningService.StartAsync(Notes.Module());
        await using var place = await TestPlace.OpenAsync(await SharedServers.StartedAsync(), ["licensing"]);
        var byHand = place.DatabaseOf("licensing");
        var reader = new NpgsqlConnectionStringBuilder(byHand.Reader).Username!;

        var (exit, sql) = await PrintedAsync("schema", "licensing", "--reader", reader);
        Assert.That(exit, Is.Zero);
        Assert.That(await ScalarAsync(byHand, Shape), Is.EqualTo(DBNull.Value), "printing runs nothing");
        await ScalarAsync(byHand, sql);
        await ScalarAsync(byHand, sql);
        Assert.That(await ScalarAsync(byHand, Shape), Is.EqualTo(await ScalarAsync(started.Place.DatabaseOf("licensing"), Shape)).And.Contains("notes.text"));
    }

    [Test, NonParallelizable]
    public async Task A_module_this_program_does_not_have_is_a_wrong_command_line()
    {
        var (exit, printed) = await PrintedAsync("schema", "nobody");
        Assert.That(exit, Is.Not.Zero);
        Assert.That(printed, Does.Not.Contain("create table"));
    }

    private static async Task<(int Exit, string Printed)> PrintedAsync(params string[] words)
    {
        var (console, error, printed) = (Console.Out, Console.Error, new StringWriter());
        Console.SetOut(printed);
        Console.SetError(TextWriter.Null);
        try
        {
            return (await FleetHost.RunAsync(words, TestClock.Real, Notes.Module()), printed.ToString());
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(error);
        }
    }

    private static async Task<object?> ScalarAsync(ServiceDatabase database, string sql)
    {
        await using var owner = NpgsqlDataSource.Create(database.Owner);
        await using var command = owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
