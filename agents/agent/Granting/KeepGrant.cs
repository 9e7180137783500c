using System.Globalization;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;

namespace Fleet.Agent.Granting;

// consent service -> signed grant -> checked -> kept on disk -> what may be asked now
// consent service -> control queue -> notice -> what may be asked no longer; and the grant anew

/// <summary>
/// Holds the one grant that counts. A newer one replaces it, also when it allows less; while the consent service is away the last one holds until it ends, also over a restart.
/// Without one nothing is asked; and there is none while another agent reports from the site.
/// </summary>
/// <param name="file">In the state directory.</param>
/// <param name="withhold">What the site keeps to itself whatever a grant opens.</param>
public sealed class KeepGrant(string file, Grantee grantee, FetchGrant source, SiteTurn turn, Func<double> jitter, TimeProvider clock, AgentLog log, Withhold? withhold = null)
{
    /// <summary>How soon a change reaches an agent that cannot be told over its control queue.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    // After a question without an answer, so that one lost question does not cost an agent its site.
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(10);

    // After a change all agents of a customer ask at once.
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    private readonly KeptGrant kept = new(file);
    private readonly GrantInHand hand = new();
    private volatile TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? since;      // since when the site is this agent's
    private bool answered = true;
    private long answeredAt;    // ticks, UTC
    private string? told;

    /// <summary>The grant under which devices are asked at this moment, or null: none may be asked anything.</summary>
    public Grant? Now => Signed is { } held && (withhold?.Mask(held) ?? held) is { Allowed: not FieldGroups.None } open ? open : null;

    /// <summary>What the customer has signed, whatever the site withholds of it; null when there is none or its time is over.</summary>
    public Grant? Signed => hand.Grant is { } held && held.At(clock.GetUtcNow()) != FieldGroups.None ? held : null;

    public Withhold? Withhold => withhold;

    /// <summary>When the consent service last answered; null when it has not since the start.</summary>
    public DateTimeOffset? AnsweredAt => Interlocked.Read(ref answeredAt) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null;

    /// <summary>The last that was to be said of it.</summary>
    public string? News => told;

    /// <summary>Asks for a newer one again and again until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await RestAsync((answered ? Every : SoonAgain) * (0.8 + (0.4 * jitter())), stop);
                await RenewAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>
    /// The customer has changed a consent. What is not allowed any more is not asked from this moment on, and visits that may be asking for it end; what is allowed anew comes with the grant,
    /// which is asked for within seconds.
    /// </summary>
    public void Heed(ConsentNotice notice)
    {
        if (notice.TenantId != grantee.Tenant || hand.Heed(notice) is not { } narrows) return;
        if (narrows)
        {
            Forget();       // or a restart without the consent service would go by it
            Tell($"the customer has withdrawn a consent: {Standing()}");
        }
        called.TrySetResult();
    }

    /// <summary>Something was changed from here: what it opens is asked for at once.</summary>
    public void AskSoon() => called.TrySetResult();

    /// <summary>What an earlier run kept, checked again: a file is not trusted for lying where it lies.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        var (earlier, trouble) = await kept.ReadAsync(cancel);
        if (trouble is not null) Tell(trouble);
        if (earlier is null) return;
        turn.Kept(earlier.AnotherWaits);
        since = earlier.Since;
        await TakeAsync(earlier, keep: false);
    }

    public async Task RenewAsync(CancellationToken cancel)
    {
        var asked = clock.GetUtcNow();
        try
        {
            var reply = await source.AskAsync(cancel);
            answered = true;
            Interlocked.Exchange(ref answeredAt, clock.GetUtcNow().UtcTicks);
            if (reply is GrantReply.Held held) StandBy(held, asked);
            else await TakeTurnAsync(((GrantReply.Given)reply).Grant, asked);
        }
        catch (Exception away) when (away is HttpRequestException or TokenRefusedException or Configuration.ConfigException)
        {
            answered = false;
            Tell($"no new grant: {away.Message}; {Standing()}");
        }
    }

    private async Task TakeTurnAsync(SignedGrant fresh, DateTimeOffset asked)
    {
        turn.Granted(asked, fresh.AnotherWaits, anew: since != fresh.Since);
        since = fresh.Since;
        await TakeAsync(fresh, keep: true);
    }

    private void StandBy(GrantReply.Held held, DateTimeOffset asked)
    {
        hand.Drop();
        since = null;
        turn.Held(held.By, asked, held.Lasting);
        if (Forget()) told = null;
    }

    private async Task TakeAsync(SignedGrant signed, bool keep)
    {
        var (fresh, fault) = await CheckGrant.CheckAsync(signed.Grant, signed.Keys, grantee);
        if (fresh is null)
        {
            Tell($"{fault}; {Standing()}");
            return;
        }
        if (hand.Take(fresh) && keep)
        {
            if (kept.Write(signed) is { } full) log.Warn(full);
            if (hand.Grant?.Allowed != fresh.Allowed) Forget();     // a notice has come in between
        }
        Tell(Standing());
    }

    private async Task RestAsync(TimeSpan time, CancellationToken stop)
    {
        var call = called;
        try
        {
            await call.Task.WaitAsync(time, clock, stop);
            called = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.Delay(Spread * jitter(), clock, stop);
        }
        catch (TimeoutException)
        {
        }
    }

    private bool Forget()
    {
        if (kept.Delete() is not { } denied) return true;
        Tell(denied);
        return false;
    }

    private string Standing() => Now is { } held
        ? string.Create(CultureInfo.InvariantCulture, $"devices may be asked for {Grant.Words(held.Allowed)}")
        : "nothing may be asked of any device";

    // Each news once: an agent that is offline for a month says so once, not every half minute.
    private void Tell(string news)
    {
        if (news == told) return;
        told = news;
        if (Now is null) log.Warn(news);
        else log.Info(news);
    }
}
