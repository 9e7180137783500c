using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Agent.Configuration;
using Fleet.Agent.Granting;
using Fleet.Agent.Publishing;
using Fleet.Printers;

namespace Fleet.Agent.Diagnosing;

/// <summary>
/// The way out: name, API over TLS, clock, enrolment, token, grant, broker. Each check is made by the code the agent itself uses. Where no token can be had, a running agent says what came of its own, and all that
/// needs none is tried.
/// </summary>
internal sealed class ExamineLink(
    AgentConfig config, ServerTrust trust, HttpClient http, TokenSource tokens, ExamineEnrolment enrolment, ExamineRunning? running, Surroundings around, Func<string, string?> environment)
{
    // A token lives 20 minutes and services allow 30 s: a clock further off will sooner or later be refused.
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(20);

    /// <summary>The grant it got, for who asks devices next.</summary>
    public Grant? Grant { get; private set; }

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        // Behind a proxy only the proxy need know the names.
        foreach (var host in new[] { config.Broker.Host, new Uri(config.ApiUrl).Host }.Select(host => config.ProxyTo(host)?.Host ?? host).Distinct()) yield return await NameAsync(host, stop);
        await foreach (var proxy in ExamineProxy.RunAsync(config, environment, stop)) yield return proxy;
        var api = await ApiAsync(stop);
        foreach (var finding in api) yield return finding;
        if (enrolment.Finding is { } enrolled) yield return enrolled;
        if (enrolment.MayAsk)
        {
            var (token, found) = await TokenAsync(stop);
            yield return found;
            if (token is not null)
            {
                yield return await GrantAsync(stop);
                yield return await BrokerAsync(token, stop);
                yield break;
            }
        }
        else if (running is not null)
        {
            foreach (var finding in new[] { running.Token, running.Grant, running.Broker }) yield return finding;
        }
        var doors = new ExamineDoors(config, trust, http);
        if (api[0].IsWell) yield return await TriedAsync("api", doors.GrantsAsync, stop);
        yield return await TriedAsync("tls", doors.BrokerAsync, stop);
    }

    private async Task<Finding> TriedAsync(string check, Func<CancellationToken, Task<Finding>> door, CancellationToken stop)
    {
        try
        {
            return await door(stop);
        }
        catch (Exception closed) when (!stop.IsCancellationRequested)
        {
            return Of(check, closed);
        }
    }

    private static async Task<Finding> NameAsync(string host, CancellationToken stop)
    {
        try
        {
            return new("dns", $"{host} is {string.Join(", ", (await Dns.GetHostAddressesAsync(host, stop)).Select(address => address.ToString()))}");
        }
        catch (SocketException unknown)
        {
            return new("dns", $"no address is known for {host}: {unknown.Message}", "check the name in the configuration and this machine's name server (resolv.conf)");
        }
    }

    private async Task<IReadOnlyList<Finding>> ApiAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(new Uri(config.ApiUrl), "/.well-known/openid-configuration"), stop);
            var api = answer.IsSuccessStatusCode
                ? new Finding("api", $"{config.ApiUrl} answers")
                : new Finding("api", $"{config.ApiUrl} answers {(int)answer.StatusCode}", "check tokenUrl and api: there must be Fleet behind them");
            return answer.Headers.Date is { } date ? [api, Clock(around.Clock.GetUtcNow() - date)] : [api];
        }
        catch (Exception away) when (away is HttpRequestException || (away is TaskCanceledException && !stop.IsCancellationRequested))
        {
            return [Of("api", away)];
        }
    }

    private static Finding Clock(TimeSpan ahead) => ahead.Duration() <= MostSkew
        ? new("time", "this machine's clock agrees with the server's")
        : new("time", string.Create(CultureInfo.InvariantCulture, $"this machine's clock is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the server's"), "synchronise it (timedatectl set-ntp true): tokens and grants are refused by a wrong clock");

    private async Task<(AccessToken? Token, Finding Finding)> TokenAsync(CancellationToken stop)
    {
        try
        {
            var token = await tokens.GetAsync(stop);
            return (token, new("token", string.Create(CultureInfo.InvariantCulture, $"{config.Login} gets one for {(token.ExpiresAt - around.Clock.GetUtcNow()).TotalMinutes:0} minutes")));
        }
        catch (Exception refused) when (refused is TokenRefusedException or HttpRequestException or ConfigException)
        {
            return (null, Of("token", refused));
        }
    }

    private async Task<Finding> GrantAsync(CancellationToken stop)
    {
        try
        {
            var reply = await new FetchGrant(config, http, tokens).AskAsync(stop);
            if (reply is GrantReply.Held held) return GrantFinding.Held(held.By);
            var signed = ((GrantReply.Given)reply).Grant;
            var (grant, fault) = await CheckGrant.CheckAsync(signed.Grant, signed.Keys, new(config.AgentId, config.Tenant, config.Site));
            Grant = grant;
            return grant is null ? new("grant", fault!, "the API and this agent's configuration do not belong together")
                : grant.At(around.Clock.GetUtcNow()) is var open && open == FieldGroups.None ? GrantFinding.Nothing
                : GrantFinding.Open(Granting.Grant.Words(open));
        }
        catch (Exception refused) when (refused is TokenRefusedException or HttpRequestException)
        {
            return new("grant", $"{config.ApiUrl} gives none: {refused.Message}", "tenant, site and agentId must be those this client was enrolled for");
        }
    }

    private async Task<Finding> BrokerAsync(AccessToken token, CancellationToken stop)
    {
        try
        {
            await using var link = await BrokerLink.OpenAsync(config, trust, token, around.Clock, stop);
            return new("broker", string.Create(CultureInfo.InvariantCulture, $"{config.Broker.Host}:{config.Broker.Port} takes the token over TLS, vhost {config.Broker.Vhost}"));
        }
        catch (Exception lost) when (!stop.IsCancellationRequested)
        {
            return Of("broker", lost);
        }
    }

    private Finding Of(string check, Exception thrown)
    {
        var failure = Failure.Of(thrown, config, trust.LastDoubt);
        return new(check, failure.Line, Fixes.For(failure.Kind, config));
    }
}
