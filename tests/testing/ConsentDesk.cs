using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using MassTransit;

namespace Fleet.Testing;

/// <summary>
/// The consent service, as far as the gate asks it: for tests of telemetry without it. Whatever telemetry knows is all there is, unless a test says there is more (<see cref="Newer"/>).
/// </summary>
public sealed class ConsentDesk : IAsyncDisposable
{
    private readonly IBusControl _bus;

    private ConsentDesk(IBusControl bus) => _bus = bus;

    /// <summary>What it says beyond what telemetry knows already.</summary>
    public Func<ConsentsAsked, IReadOnlyList<ToldConsents>> Newer { get; set; } = _ => [];

    /// <summary>False: it hears a question and says nothing.</summary>
    public bool Answers { get; set; } = true;

    public static async Task<ConsentDesk> StartAsync(Uri broker, TimeProvider clock)
    {
        ConsentDesk? desk = null;
        var bus = Bus.Factory.CreateUsingRabbitMq(configure =>
        {
            configure.Host(broker, host => host.ConnectionName("fleet tests: consent desk"));
            configure.MessageTopology.SetEntityNameFormatter(new BusNames());
            configure.ReceiveEndpoint($"consent-desk-{NewId.NextGuid():n}", endpoint =>
            {
                endpoint.AutoDelete = true;
                endpoint.Handler<ConsentsAsked>(question => desk is { Answers: true }
                    ? question.Publish(new ConsentsTold(question.Message.QuestionId, clock.GetUtcNow(), desk.Newer(question.Message)))
                    : Task.CompletedTask);
            });
        });
        desk = new(bus);
        await Ending.OneAsync("the start of the consent desk", bus.StartAsync(), TimeSpan.FromSeconds(60));
        return desk;
    }

    public async ValueTask DisposeAsync() => await Ending.OneAsync("the stop of the consent desk", _bus.StopAsync(TimeSpan.FromSeconds(5)));
}
