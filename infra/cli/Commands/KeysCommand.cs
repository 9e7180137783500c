using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Spectre.Console;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet keys list|rotate</c>: what access tokens are signed with. A new key is published a while before it signs, and the old one as long as its tokens live: nobody notices.</summary>
public static class KeysCommand
{
    private const int Ahead = 15;       // minutes; verifiers look every five

    public static Command Build(TimeProvider clock) => new("keys", "The keys access tokens are signed with")
    {
        List(clock), Rotate(clock)
    };

    private static Command List(TimeProvider clock)
    {
        var (state, json) = (Options.State(), Options.Json());
        var command = new Command("list", "Which keys there are, and which signs now") { state, json };
        command.SetAction(parsed =>
        {
            Print(First(parsed.StateOf(state)).WithSuccessors(), parsed.GetValue(json), clock.GetUtcNow());
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Rotate(TimeProvider clock)
    {
        var minutes = new Option<int>("--in") { Description = "When it begins to sign, in minutes; less than a quarter of an hour only when the old one has leaked", HelpName = "MINUTES", DefaultValueFactory = _ => Ahead };
        minutes.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 0 or > 525_600)
                given.AddError("--in: 0 to 525600 minutes");
        });
        var (state, json) = (Options.State(), Options.Json());
        var command = new Command("rotate", "A new key, which signs from a quarter of an hour on; services and broker know it by then, and tokens of the old one hold to their end") { minutes, state, json };
        command.SetAction(async (parsed, stop) =>
        {
            var directory = parsed.StateOf(state);
            var first = First(directory);
            var next = first.Successor(clock.GetUtcNow().AddMinutes(parsed.GetValue(minutes)));
            Print(first.WithSuccessors(), parsed.GetValue(json), clock.GetUtcNow());
            if (!await BrokerKeys.AddAsync(directory, next, stop))
                Console.Error.WriteLine($"fleet: tell the broker before then: rabbitmqctl add_uaa_key {next.KeyId} --pem-file={BrokerKeys.PublicFile(directory, next)}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static SigningKey First(StateDirectory directory) => File.Exists(directory.SigningKey)
        ? SigningKey.Open(directory.SigningKey)
        : throw new FleetException("No keys yet", directory.SigningKey, "./fleet up makes the first one");

    private static void Print(IReadOnlyList<SigningKey> keys, bool json, DateTimeOffset now)
    {
        var signing = keys.Last(key => key.From is null || key.From <= now);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(keys.Select(key => new { key.KeyId, key.From, signs = key == signing }), JsonSerializerOptions.Web));
        else
            foreach (var key in keys)
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{key.KeyId}  {(key == signing ? "signs now" : key.From > now ? $"signs from {key.From:u}" : "signed before")}");
    }
}
