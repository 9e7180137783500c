using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Fleet.Agent.Page;

/// <summary>What a page reads of a request that was let in.</summary>
/// <param name="FormToken">What each of its forms must carry.</param>
internal sealed record Asking(string Path, IQueryCollection Query, IFormCollection Form, string FormToken, CancellationToken Gone)
{
    /// <summary>A word of the query; empty when it is not there.</summary>
    public string this[string name] => Query[name].ToString().Trim();

    public string Field(string name) => Form[name].ToString();

    /// <summary>The same address with one word changed.</summary>
    public string With(string name, string value) =>
        QueryHelpers.AddQueryString(Path, Query.Where(word => word.Key != name && !StringValues.IsNullOrEmpty(word.Value)).Select(word => KeyValuePair.Create<string, string?>(word.Key, word.Value)).Append(new(name, value)));
}

/// <summary>What goes back.</summary>
/// <param name="FileName">Not to be shown but kept.</param>
internal sealed record Answer(int Status, string ContentType, ReadOnlyMemory<byte> Body, string? Location = null, string? FileName = null, string? Cookie = null)
{
    /// <summary>The page with this address, read anew: what a form that was done answers.</summary>
    public static Answer See(string location) => new(StatusCodes.Status303SeeOther, "text/plain; charset=utf-8", default, location);

    public static Answer Of(Html page, int status = StatusCodes.Status200OK) => new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page.ToString()));
}
