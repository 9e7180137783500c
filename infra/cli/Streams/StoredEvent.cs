using System.Text.Json;

namespace Fleet.Cli.Streams;

/// <summary>A row of <c>mt_events</c>, as the auditor reads it.</summary>
/// <param name="Batch">Header <c>fleet-batch</c> without the place in it: <c>{site}/{agent}/{sequence}</c>; null where it came with none.</param>
public sealed record StoredEvent(long Position, Guid Id, string Tenant, string Stream, long Version, string Type, JsonElement Data, string? Batch);

/// <summary>Something that does not hold.</summary>
/// <param name="Position">Of the event in the store; null where it is one that is not there.</param>
/// <param name="What">In words, with the values.</param>
public sealed record Broken(string Tenant, string Stream, long? Version, long? Position, string What);

/// <param name="Batches">Whose chain, Merkle root and signature were made anew.</param>
/// <param name="Leaves">Edge events in them.</param>
/// <param name="Readings">Stored readings that were held against what was signed.</param>
/// <param name="Unsigned">Batches of before agents signed: of those only the chain was looked at.</param>
/// <param name="Breaks">How many things did not hold.</param>
public sealed record Verified(long Events, long Streams, long Batches, long Leaves, long Readings, long Unsigned, long Breaks);
