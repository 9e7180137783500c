using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>An answer as bytes, so that it can be given again.</summary>
internal sealed record KeptAnswer(int Status, string? ContentType, byte[] Body, string? Location) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (Location is not null)
            response.Headers.Location = Location;
        await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }

    /// <summary>Runs a route's result against a buffer instead of the wire.</summary>
    public static async Task<KeptAnswer> OfAsync(object? result, HttpContext http)
    {
        var wire = http.Response.Body;
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        try
        {
            await (result as IResult ?? Results.Json(result)).ExecuteAsync(http);
            await http.Response.BodyWriter.FlushAsync();
            return new(http.Response.StatusCode, http.Response.ContentType, buffer.ToArray(), http.Response.Headers.Location);
        }
        finally
        {
            http.Response.Body = wire;
        }
    }
}
