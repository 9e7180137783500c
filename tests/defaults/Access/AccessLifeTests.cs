using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fleet.Defaults.Tests.Access;

public class AccessLifeTests
{
    private static readonly Caller Technician = new("tina", ["technician"], "dealer", ["acme"]);

    [Test] // a database that is away is one of many things that can happen
    public async Task An_answer_ends_when_nobody_can_say_what_may_be_seen_whatever_the_reason()
    {
        await using var life = AccessLife.Of(Asking(new Unreadable()), Technician, Fleet.Testing.TestClock.Real);
        await Ended(life);
        Assert.That(life.Left, Is.Null);
    }

    [Test]
    public async Task An_answer_ends_when_something_may_not_be_seen_any_more()
    {
        await using var life = AccessLife.Of(Asking(new Nowhere()), Technician, Fleet.Testing.TestClock.Real);
        await Ended(life);
        Assert.That(life.Left!.Tenants, Is.Empty);
    }

    private static DefaultHttpContext Asking(IEndpointFeature endpoint)
    {
        var http = new DefaultHttpContext { User = new(new System.Security.Claims.ClaimsIdentity([new("sub", "tina"), new("roles", "technician"), new("provider", "dealer"), new("tenants", "acme")])) };
        http.Features.Set(endpoint);
        return http;
    }

    private static async Task Ended(AccessLife life)
    {
        var ended = new TaskCompletionSource();
        await using var told = life.Token.Register(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private sealed class Unreadable : IEndpointFeature
    {
        public Endpoint? Endpoint
        {
            get => throw new ObjectDisposedException("the store");
            set => throw new NotSupportedException();
        }
    }

    private sealed class Nowhere : IEndpointFeature
    {
        public Endpoint? Endpoint { get; set; }
    }
}
