using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Telemetry.Edge;
using Sender = Fleet.Telemetry.Agents.Agent;

namespace Fleet.Benchmarks.Ingest;

/// <summary>Where the time of one event goes before the database, each beside the least that it can take: measured alone, one thread, in the same run.</summary>
internal static class Phases
{
    private const int Rounds = 5, Times = 10;

    public static IReadOnlyList<Figure> Measure(AgentEnrolled enrolled, IReadOnlyList<EdgeDelivery> batches, TimeProvider clock)
    {
        var agent = Sender.Unheard with { Keys = [new(enrolled.KeyId, enrolled.X, enrolled.Y)] };
        var events = batches.Sum(batch => BatchStatement.Events(batch.Body).Count);
        return
        [
            Time("parse and schema, per event", "µs", () => batches.Sum(batch => ReadBatch.Read(batch).Events.Count)),
            Time("  limit: JSON parsed and nothing looked at, per event", "µs", () => batches.Sum(Tokens)),
            Time("signature and Merkle root, per event", "µs", () => batches.Count(batch => BatchSeal.Of(batch) is { } seal && agent.Keys[0].Signed(seal))),
        ];

        Figure Time(string name, string unit, Func<int> work)
        {
            work();
            var rounds = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var began = clock.GetTimestamp();
                for (var i = 0; i < Times; i++)
                    work();
                rounds.Add(clock.GetElapsedTime(began).TotalMicroseconds / (Times * events));
            }
            return Figure.Of(name, unit, rounds);
        }
    }

    private static int Tokens(EdgeDelivery batch)
    {
        var reader = new Utf8JsonReader(batch.Body.Span);
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }
}
