using Fleet.EventStore;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Fleet.Defaults;

/// <summary>What only a module can do when a tenant goes to another region, or comes from one. The rest (streams, claims, tables with a tenant_id, views) needs no word of it.</summary>
public sealed record TenantMoves
{
    /// <summary>Name of a section of its own in the export; null: none.</summary>
    public string? Section { get; init; }

    /// <summary>The section's lines, JSON arrays, the same in every region: what a region wraps in keys of its own is unwrapped. In the file they are sealed for the destination.</summary>
    public Func<NpgsqlConnection, string, IConfiguration, IAsyncEnumerable<string>>? Lines { get; init; }

    /// <summary>In the transaction that brings it, after its streams and views; the section is in <c>fleet_arriving</c> under its name.</summary>
    public Func<BatchSession, string, IConfiguration, DateTimeOffset, CancellationToken, Task>? ArriveAsync { get; init; }

    /// <summary>What is outside the databases, once all stores are as exported and before any row is removed; again when a leave was killed, so what is gone already is no fault.</summary>
    public Func<BatchSession, string, IConfiguration, CancellationToken, Task>? EndAsync { get; init; }

    /// <summary>In the transaction that removes it, before anything is.</summary>
    public Func<BatchSession, string, DateTimeOffset, CancellationToken, Task>? LeaveAsync { get; init; }
}
