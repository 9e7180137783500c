using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Agent.Enrolling;

/// <summary>Where the broker of this API's region is: <c>GET /regions</c>.</summary>
internal static class FindBroker
{
    /// <exception cref="NotEnrolledException">No such door.</exception>
    /// <exception cref="HttpRequestException">The API cannot be reached.</exception>
    public static async Task<Uri> AtAsync(string api, HttpClient http, CancellationToken cancel)
    {
        try
        {
            var regions = await http.GetFromJsonAsync(new Uri(new Uri(api), "/regions"), RegionJson.Default.ListRegion, cancel) ?? [];
            var here = regions.Find(region => region?.Api?.TrimEnd('/') == api) ?? regions.FirstOrDefault();
            return here?.Amqps is { } door && Uri.TryCreate(door, UriKind.Absolute, out var broker) && broker.Scheme == "amqps"
                ? broker
                : throw new NotEnrolledException($"{api}/regions names no amqps:// address agents could report to: ask the provider");
        }
        catch (JsonException)
        {
            throw new NotEnrolledException($"{api} does not answer as Fleet does: check --api");
        }
        catch (OperationCanceledException silent) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException("no answer in time", silent);
        }
    }
}

internal sealed record Region(string? Api, string? Amqps);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<Region?>))]
internal sealed partial class RegionJson : JsonSerializerContext;
