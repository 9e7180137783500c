using System.Net;
using Fleet.Snmp;
using Fleet.Snmp.Usm;
using Fleet.Snmp.V3;

namespace Fleet.Benchmarks.Snmp;

/// <summary>
/// What one question of ten names costs the garbage collector, and how many a second one thread makes. The codec alone on one thread; the whole
/// client against a device that allocates nothing. An answer's ten values must be kept (names and octets): some 1,100 bytes are the caller's own.
/// </summary>
internal static class SnmpAllocations
{
    private const int Rounds = 5, Times = 20_000, Id = 0x01234567;

    private static readonly Oid[] Names = [.. Enumerable.Range(1, 10).Select(i => Oid.Parse($"1.3.6.1.2.1.43.11.1.1.9.1.{i}"))];
    private static readonly SnmpPdu Question = SnmpPdu.Get(Id, [.. Names.Select(VarBind.Asked)]), Answer = Question.Answer([.. Names.Select((name, i) => new VarBind(name, SnmpValue.Integer32(i)))]);

    private static readonly SnmpCredential.User User = new("fleet", new(UsmAuthProtocol.Sha256, new("auth passphrase")), new(UsmPrivProtocol.Aes128, new("priv passphrase")));

    public static async Task<Report> RunAsync(TimeProvider clock)
    {
        var engine = SnmpEngineId.Of(8072, "device"u8);
        var keys = new KeyRing().For(User, engine);
        var v2c = new CommunityProcessing((SnmpCredential.Community)SnmpCredential.V2C("public"));
        var v3 = new UsmProcessing(User, new(engine, 1, 1, clock), keys, new Salts(1));
        var v2cAnswer = new SnmpMessage(SnmpVersion.V2C, "public"u8.ToArray(), Answer).Encode();
        var v3Answer = WriteV3.Message(Id, new((V3Flags)User.Level, engine, 1, 1, "fleet"u8.ToArray(), keys, 7), new(engine, "", Answer));
        var community = SnmpCredential.V2C("public");
        var figures = new List<Figure>();

        Measure("v2c question written", 350, () => v2c.Prepare(Id, Question));
        Measure("v2c answer read", 1000, () => v2c.Open(v2cAnswer, Id, out _));
        Measure("v3 authPriv question written", 600, () => v3.Prepare(Id, Question));
        Measure("v3 authPriv answer verified, decrypted, read", 1200, () => v3.Open(v3Answer, Id, out _));
        Measure("datagram nobody asked for", 0, () => MessageId.Of(v2cAnswer));

        figures.Add(Figure.Of("kept of a v3 device between questions", "bytes", [.. Enumerable.Range(0, Rounds).Select(_ => KeptPerDevice(clock))], 2000, lessIsBetter: true));

        using var device = new SilentAllocator(v2cAnswer);
        using var client = new SnmpClient(new(Window: 64), clock, new Random(7));
        var target = new SnmpTarget(device.EndPoint, community);
        await MeasureClientAsync();
        return new("snmp-allocations", new Dictionary<string, string> { ["names in a question"] = "10", ["rounds"] = $"{Rounds} of {Times}" }, figures);

        void Measure(string name, double limit, Action act)
        {
            var (bytes, rates) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var (before, began) = (GC.GetAllocatedBytesForCurrentThread(), clock.GetTimestamp());
                for (var i = 0; i < Times; i++) act();
                if (round == 0) continue;       // compiled by now
                bytes.Add((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Times);
                rates.Add(Times / clock.GetElapsedTime(began).TotalSeconds);
            }
            figures.Add(Figure.Of(name, "bytes", bytes, limit, lessIsBetter: true));
            figures.Add(Figure.Of(name, "per second", rates));
        }

        static double KeptPerDevice(TimeProvider clock)
        {
            const int devices = 4_000;
            var (ring, before) = (new KeyRing(), GC.GetTotalMemory(forceFullCollection: true));
            var kept = Enumerable.Range(0, devices).Select(i =>
            {
                var engine = new RemoteEngine(SnmpEngineId.Of(8072, BitConverter.GetBytes(i)), 1, 1, clock);
                var usm = new UsmProcessing(User, engine, ring.For(User, engine.Id), new Salts(1));
                usm.Prepare(Id, Question);      // makes the cipher
                return usm;
            }).ToArray();
            var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)devices;
            GC.KeepAlive(kept);
            GC.KeepAlive(ring);
            return bytes;
        }

        async Task MeasureClientAsync()
        {
            var (bytes, rates) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var (before, began) = (GC.GetTotalAllocatedBytes(precise: true), clock.GetTimestamp());
                await Parallel.ForEachAsync(Enumerable.Range(0, 64), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, cancel) =>
                {
                    for (var i = 0; i < Times / 64; i++) await client.GetAsync(target, Names, cancel);
                });
                if (round == 0) continue;
                bytes.Add((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Times / 64 * 64));
                rates.Add(Times / clock.GetElapsedTime(began).TotalSeconds);
            }
            figures.Add(Figure.Of("v2c Get, whole, 64 at a time", "bytes", bytes, 4000, lessIsBetter: true));
            figures.Add(Figure.Of("v2c Get, whole, 64 at a time", "per second", rates));
        }
    }
}
