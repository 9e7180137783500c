using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Identity.Tests.SignIn;
using Npgsql;

namespace Fleet.Identity.Tests.People;

/// <summary>Where names and addresses are, and that they are nowhere once somebody is erased.</summary>
public class ErasureTests : PeopleFixture
{
    private const string Email = "erika.mustermann@erase.example", Name = "Erika Mustermann-Erase";

    [Test]
    public async Task An_erased_person_is_an_id_with_a_history_and_nothing_else()
    {
        var (_, invited) = await InviteAsync(Dealer, Email, "technician", name: Name);
        var id = Text(invited, "personId")!;
        using (var http = Running.Http)
            (await http.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation = TokenOf(invited), password = Password })).EnsureSuccessStatusCode();
        var tokens = await TokensAsync(Email);
        Assert.That((await ListedAsync(id), await KeysAsync(id)), Is.EqualTo(((Name, Email, "active"), 1L)), "the twin: before, it can be read");
        var before = await HistoryAsync(id);

        using (var erased = await Dealer.PostAsync($"/api/v1/people/{id}/erase", null))
            Assert.That((int)erased.StatusCode, Is.EqualTo(204));
        Assert.That((await ListedAsync(id), await KeysAsync(id)), Is.EqualTo((((string?)null, (string?)null, "erased"), 0L)));
        Assert.That((await HistoryAsync(id))[..before.Count], Is.EqualTo(before), "every event before is what it was, byte for byte");
        Assert.That((await RenewAsync(Text(tokens, "refresh_token"))).Status, Is.EqualTo(400));
        using var browser = Browser();
        Assert.That((int)(await SignInAsync(browser, Email)).Status, Is.EqualTo(401));
        Assert.That((int)(await browser.OpenAsync("/account")).Status, Is.EqualTo(303));

        var (status, again) = await InviteAsync(Dealer, Email, "viewer");
        Assert.That((status, Text(again, "personId")), Is.EqualTo((201, Text(again, "personId"))).And.Not.EqualTo((201, id)), "who comes back is somebody new");
    }

    [Test]
    public async Task No_table_holds_a_name_or_an_address_in_clear()
    {
        await InviteAsync(Dealer, "clear@erase.example", "technician", name: "Clara Clear-Text");
        await TokensAfterAcceptingAsync("accepted@erase.example");
        var (found, rows) = await SearchAsync("clear@erase.example", "Clara Clear-Text", "accepted@erase.example", Password);
        Assert.That(found, Is.Empty);
        Assert.That(rows, Is.GreaterThan(20), "the twin: there was something to search");
        Assert.That((await SearchAsync("technician")).Found, Is.Not.Empty, "and searching finds");
    }

    [Test]
    public async Task No_line_of_the_log_holds_an_address_a_name_or_a_password()
    {
        await TokensAfterAcceptingAsync("logged@erase.example");
        using var browser = Browser();
        await browser.OpenAsync(Trip.New(more: "&login_hint=logged%40erase.example").Address);
        await browser.FollowAsync();
        await SignInAsync(browser, "logged@erase.example", "a wrong password indeed");
        await SignInAsync(browser, "unheard-of@erase.example");
        await RenewAsync("made.up.token");
        Assert.That(Running.Service.Log.Lines, Has.Some.Contains("No token"), "the twin: there is a log");
        Assert.That(Running.Service.Log.Lines.Where(line => line.Contains("@erase.example", StringComparison.OrdinalIgnoreCase) || line.Contains("%40erase", StringComparison.OrdinalIgnoreCase) || line.Contains(Password, StringComparison.Ordinal) || line.Contains("Anna Muster", StringComparison.Ordinal)), Is.Empty);
    }

    private async Task TokensAfterAcceptingAsync(string email)
    {
        await PersonAsync(email, "technician");
        await TokensAsync(email);
    }

    private async Task<(string? Name, string? Email, string? Stage)> ListedAsync(string id)
    {
        var all = (await Dealer.GetFromJsonAsync<JsonElement>("/api/v1/people?limit=1000")).GetProperty("items").EnumerateArray();
        var one = all.Single(person => Text(person, "personId") == id);
        return (Text(one, "name"), Text(one, "email"), Text(one, "stage"));
    }

    private async Task<List<string>> HistoryAsync(string id) => await RowsAsync($"select data::text from identity.mt_events where stream_id = 'person/{id}' order by version");

    private async Task<long> KeysAsync(string id) => long.Parse((await RowsAsync($"select count(*)::text from identity.fleet_person where person_id = '{id}'")).Single(), System.Globalization.CultureInfo.InvariantCulture);

    // Every row of every table, as text; as hex and base64, too, because that is how it might be hidden.
    private async Task<(List<string> Found, int Rows)> SearchAsync(params string[] words)
    {
        var (found, rows) = (new List<string>(), 0);
        foreach (var table in await RowsAsync("select table_name::text from information_schema.tables where table_schema = 'identity' and table_type = 'BASE TABLE'"))
            foreach (var row in await RowsAsync($"select t::text from identity.\"{table}\" t"))
            {
                rows++;
                if (words.SelectMany(Spellings).Any(word => row.Contains(word, StringComparison.OrdinalIgnoreCase)))
                    found.Add($"{table}: {row}");
            }
        return (found, rows);
    }

    private static IEnumerable<string> Spellings(string word) =>
        [word, Convert.ToHexString(Encoding.UTF8.GetBytes(word)), Convert.ToBase64String(Encoding.UTF8.GetBytes(word)), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(word)))];

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var postgres = NpgsqlDataSource.Create(Running.Service.Place.DatabaseOf("identity").Owner);
        await using var command = postgres.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
