using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.Defaults.Tests;

public class IdempotencyTests
{
    private RunningService _service = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _service = await RunningService.StartAsync(Notes.Module());
        _http = _service.As("provider-admin", "acme", "globex");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
    }

    [Test]
    public async Task The_same_key_and_body_get_the_first_answer_and_are_done_once()
    {
        var (first, again) = (await PostAsync("acme", "once", "k-1"), await PostAsync("acme", "once", "k-1"));
        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(await CountAsync("acme", "once"), Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_key_the_same_call_is_done_twice()
    {
        await PostAsync("acme", "twice", null);
        await PostAsync("acme", "twice", null);
        Assert.That(await CountAsync("acme", "twice"), Is.EqualTo(2));
    }

    [Test]
    public async Task The_same_key_with_another_body_or_on_another_route_is_refused()
    {
        await PostAsync("acme", "mine", "k-2");
        var (body, route) = (await PostAsync("acme", "other", "k-2"), await PostAsync("globex", "mine", "k-2"));
        Assert.That((body.Status, route.Status), Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.Conflict)));
        Assert.That(body.Text, Does.Contain("idempotency-key-reused"));
    }

    [Test]
    public async Task Somebody_elses_key_is_another_key()
    {
        using var colleague = _service.With(_service.Tokens.For("provider-admin", ["acme"], subject: "colleague"));
        await PostAsync("acme", "shared word", "k-3");
        await PostAsync("acme", "shared word", "k-3", colleague);
        Assert.That(await CountAsync("acme", "shared word"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_refusal_is_not_kept()
    {
        Assert.That((await PostAsync("acme", "", "k-4")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await PostAsync("acme", "better now", "k-4")).Status, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Ten_at_once_with_one_key_are_done_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync("acme", "rush", "k-5")));
        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        Assert.That(await CountAsync("acme", "rush"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_body_with_a_member_nobody_knows_is_refused_with_its_name()
    {
        using var answer = await _http.PostAsJsonAsync("/api/v1/tenants/acme/notes", new { text = "x", txet = "y" });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("txet").And.Not.Contain("Fleet."));
    }

    private async Task<(HttpStatusCode Status, string Text, string? Location)> PostAsync(string tenant, string text, string? key, HttpClient? http = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/tenants/{tenant}/notes") { Content = JsonContent.Create(new { text }) };
        if (key is not null)
            request.Headers.Add(Idempotency.Header, key);
        using var answer = await (http ?? _http).SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.ToString());
    }

    private async Task<int> CountAsync(string tenant, string text) =>
        (await _http.GetFromJsonAsync<JsonArray>($"/api/v1/tenants/{tenant}/notes"))!.Count(n => n!["text"]!.GetValue<string>() == text);
}
