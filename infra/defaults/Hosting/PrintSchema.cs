using System.CommandLine;
using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>
/// <c>schema [MODULE …]</c>: the SQL a start would run, for operators who migrate by hand, with no database at hand. It is idempotent, takes the lock a start
/// takes, and is run by the module's owner role in the module's database.
/// </summary>
internal static class PrintSchema
{
    public static Command Build(IReadOnlyList<Module> modules, TimeProvider clock)
    {
        var names = new Argument<string[]>("MODULE") { Description = "Which; all of them without", Arity = ArgumentArity.ZeroOrMore };
        names.AcceptOnlyFromAmong([.. modules.Select(module => module.Name)]);
        var reader = new Option<string>("--reader") { Description = "Name of the reader role; {0} stands for the module", HelpName = "ROLE", DefaultValueFactory = _ => "fleet_{0}_reader" };
        var command = new Command("schema", "Print the SQL that creates or completes the schema, and run nothing") { names, reader };
        command.SetAction(async (parsed, _) =>
        {
            var wanted = parsed.GetValue(names) ?? [];
            foreach (var module in modules.Where(module => wanted.Length == 0 || wanted.Contains(module.Name)))
                await WriteAsync(parsed.InvocationConfiguration.Output, module, parsed.GetRequiredValue(reader).Replace("{0}", module.Name, StringComparison.Ordinal), clock);
        });
        return command;
    }

    private static async Task WriteAsync(TextWriter output, Module module, string reader, TimeProvider clock)
    {
        var nowhere = new Announcer(module, () => throw new InvalidOperationException(), () => throw new InvalidOperationException());
        await using var store = new DocumentStore(ModuleStore.Options(module, "Host=nowhere", $"Host=nowhere;Username={reader}", nowhere, clock));
        await output.WriteLineAsync($"-- {module.Name}: psql -v ON_ERROR_STOP=1 -f FILE, as the owner of its database. The role {reader} (login, nothing more) must exist.");
        await output.WriteLineAsync(store.Storage.ToDatabaseScript());
    }
}
