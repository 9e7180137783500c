using System.Net.Http.Json;
using Fleet.Cli.Commands;
using Fleet.Cli.Consents;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Telemetry.Devices;
using Fleet.Testing;

namespace Fleet.Consent.Tests.Audit;

/// <summary>Consent and telemetry as they run, with the auditor's logins as <c>./fleet up</c> writes them, and a hand inside telemetry's store: to put there what its gate never would.</summary>
internal sealed class AuditedPlace : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-audit-").FullName;

    private AuditedPlace(RunningService service) => Service = service;

    public RunningService Service { get; }

    public string ConsentDoor => Service.Place.DatabaseOf("consent").Auditor!;

    public string TelemetryDoor => Service.Place.DatabaseOf("telemetry").Auditor!;

    public static async Task<AuditedPlace> OpenAsync()
    {
        var place = new AuditedPlace(await RunningService.StartAsync(Consent.Module, Telemetry.Telemetry.Module));
        var state = new StateDirectory(place._directory);
        state.Create();
        AuditorDoors.Write(state, [place.Service.Place.DatabaseOf("consent"), place.Service.Place.DatabaseOf("telemetry")]);
        var self = ProcessIdentity.Of(Environment.ProcessId)!;
        new FleetState(0, 0, "", "", 0, "", Given.Noon, Ready: true, self, [new("host", self, "")], []).Save(state);
        return place;
    }

    /// <summary>The customer grants or withdraws; returns when.</summary>
    public async Task<DateTimeOffset> ChangeAsync(string tenant, string what, object names)
    {
        using var customer = Service.As("customer-admin", tenant);
        using var answer = await customer.PostAsJsonAsync($"/api/v1/tenants/{tenant}/consents/{what}", names);
        Assert.That(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return Service.Clock.GetUtcNow();
    }

    public async Task StoreAsync(string tenant, params DeviceEvent[] events)
    {
        await using var session = Service.Store(Telemetry.Telemetry.Module).LightweightSession(tenant);
        session.Events.Append(Device.StreamKey("d1"), events);
        await session.SaveChangesAsync();
    }

    /// <summary>As the gate stores what an agent's clock dates later than it came.</summary>
    public async Task StoreJudgedAsync(string tenant, DateTimeOffset judged, DeviceEvent observed)
    {
        await using var session = Service.Store(Telemetry.Telemetry.Module).LightweightSession(tenant);
        session.SetHeader("consents-judged-at", judged.ToString("O"));
        session.Events.Append(Device.StreamKey("d1"), observed);
        await session.SaveChangesAsync();
    }

    public static DeviceEvent Meter(DateTimeOffset at) => new DeviceEvent.MeterRead("hq", "kyocera", 3, [new("total", 1, "impressions", "1.3")], at, at, Late: false);

    public static DeviceEvent Card(DateTimeOffset at, string? address = null) => new DeviceEvent.Described(new("hq", "Kyocera", "P2040", "SN1", Address: address), at);

    public async Task<(Audited Sums, IReadOnlyList<Outside> Found)> AuditAsync(string? tenant = null)
    {
        var found = new List<Outside>();
        return (await AuditConsent.RunAsync(ConsentDoor, TelemetryDoor, tenant, found.Add, _ => { }, CancellationToken.None), found);
    }

    /// <summary><c>./fleet consent audit …</c> as it runs, without the process around it.</summary>
    public async Task<(int Exit, string Said)> CommandAsync(params string[] arguments)
    {
        var (before, said) = (Console.Out, new StringWriter());
        Console.SetOut(said);
        try
        {
            return (await ConsentCommand.Build(Service.Clock).Parse(["audit", "--state", _directory, .. arguments]).InvokeAsync(), said.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
