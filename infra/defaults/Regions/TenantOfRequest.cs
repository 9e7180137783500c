using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>Whose data a request is about, from its address alone: before its token is looked at, and before a byte of its body is read.</summary>
public static class TenantOfRequest
{
    private static readonly string[] NamedById = ["contracts", "invoices"];

    /// <summary><c>/api/v1/tenants/{tenant}/…</c>, <c>?tenant=</c>, and ids that begin with it: <c>/api/v1/contracts/{tenant}.…</c>. Null when it names none.</summary>
    public static string? Of(PathString path, IQueryCollection query) =>
        path.Value?.Split('/') is ["", "api", "v1", var what, { Length: > 0 } name, ..]
            ? what == "tenants" ? name
                : NamedById.Contains(what) && name.Split('.') is [var owner, _, ..] ? owner
                : Asked(query)
            : Asked(query);

    private static string? Asked(IQueryCollection query) => query["tenant"] is [{ Length: > 0 } tenant] ? tenant : null;
}
