// agent_enrolled, client_registered -> whom a tenant's departure concerns at the broker
using System.Globalization;
using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Identity.Clients;
using Npgsql;

namespace Fleet.Identity.Agents;

/// <summary>An agent as the broker knows it: enrolled by code, or a client of <c>clients.json</c>.</summary>
public sealed record TenantAgent(string Tenant, string Agent, string Login)
{
    public string ControlQueue => EdgeAccess.ControlQueue(Tenant, Agent);

    /// <summary>Revoked ones, too: their queues may be there still.</summary>
    /// <param name="session">Has begun.</param>
    public static async Task<IReadOnlyList<TenantAgent>> OfAsync(BatchSession session, IReadOnlyList<string> tenants, CancellationToken cancel)
    {
        if (tenants.Count == 0)
            return [];
        await using var command = new NpgsqlCommand(
            "select distinct on (tenant_id, stream_id) tenant_id, stream_id, data ->> 'at' from mt_events where tenant_id = any ($1) and type = 'agent_enrolled' order by tenant_id, stream_id, seq_id desc",
            session.Connection, session.Transaction)
        { Parameters = { new() { Value = tenants.ToArray() } } };
        var agents = await ReadAsync(command, row => Enrolled(row.GetString(0), Agents.Agent.IdOf(row.GetString(1)), DateTimeOffset.Parse(row.GetString(2), CultureInfo.InvariantCulture)), cancel);
        await using var clients = new NpgsqlCommand(
            $"""
            select data -> 'standing' ->> 'tenant', stream_id, data -> 'standing' ->> 'agent' from mt_events
            where tenant_id = '{StoreTenants.Platform}' and type in ('client_registered', 'client_keys_registered') and data -> 'standing' ->> 'role' = '{ClientRoles.Agent}' and data -> 'standing' ->> 'tenant' = any ($1)
            """, session.Connection, session.Transaction)
        { Parameters = { new() { Value = tenants.ToArray() } } };
        return [.. agents, .. await ReadAsync(clients, row => Registered(row.GetString(0), row.GetString(1)[Client.Key("").Length..], row.IsDBNull(2) ? null : row.GetString(2)), cancel)];
    }

    private static TenantAgent Enrolled(string tenant, string agent, DateTimeOffset since) => new(tenant, agent, EdgeAccess.Login(tenant, agent, since));

    private static TenantAgent Registered(string tenant, string clientId, string? agent) => new(tenant, agent ?? clientId, clientId);

    private static async Task<List<TenantAgent>> ReadAsync(NpgsqlCommand command, Func<NpgsqlDataReader, TenantAgent> one, CancellationToken cancel)
    {
        var agents = new List<TenantAgent>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            agents.Add(one(row));
        return agents;
    }
}
