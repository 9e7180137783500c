using Fleet.EventStore;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Fleet.Defaults;

/// <summary>
/// A service as one readable table: its streams, views, consumers, announcements and routes, each listed by hand.
/// <c>services/{name}/Program.cs</c> hosts one module, <c>services/host</c> hosts all of them in one process; modules talk
/// over the bus and HTTP only, also there.
/// </summary>
public sealed class Module(string name)
{
    /// <summary>Lower case, one word: the name of its database schema, broker user and queue prefix.</summary>
    public string Name => name;

    public IReadOnlyList<IStreamType> Streams { get; init; } = [];
    public IReadOnlyList<IView> Views { get; init; } = [];

    /// <summary>What comes in over the bus.</summary>
    public IReadOnlyList<Consumer> Consumers { get; init; } = [];

    /// <summary>What leaves: stored event → public message.</summary>
    public IReadOnlyList<Announcement> Announcements { get; init; } = [];

    /// <summary>Those of them that tell a stream's whole state: told again now and then, for whoever was not there when they were made.</summary>
    public IReadOnlyList<Announcement> Retold { get; init; } = [];

    /// <summary>Public messages it publishes that are no facts of a stream: questions to others, and answers. Lost ones are asked again.</summary>
    public IReadOnlyList<Type> Says { get; init; } = [];

    /// <summary>Each maps its own routes; see <see cref="Requirements"/> for how a route says who may call it.</summary>
    public IReadOnlyList<Action<IEndpointRouteBuilder, ModuleContext>> Routes { get; init; } = [];

    /// <summary>Work of the module's own that runs as long as it does.</summary>
    public IReadOnlyList<Func<ModuleContext, IHostedService>> Background { get; init; } = [];

    /// <summary>Further tables (idempotent SQL; the schema is on the search path), written in the store's transactions.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>What only it can do when a tenant goes to another region, or comes from one; null: nothing.</summary>
    public TenantMoves? TenantMoves { get; init; }
}
