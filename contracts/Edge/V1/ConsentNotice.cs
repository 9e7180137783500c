using System.Text.Json;

namespace Fleet.Contracts.Edge.V1;

/// <summary>
/// What every agent of a tenant is told over its control queue when the customer has granted or withdrawn something. It is not signed and can only take away: an agent stops asking for what
/// is not in it, and asks for its grant anew, which alone opens anything.
/// </summary>
/// <param name="Version">Of the tenant's consents, as in <see cref="EdgeGrant.Id"/>: a grant of this version or a later one knows of it already.</param>
/// <param name="FieldGroups">What may be collected from now on, while any purpose stands; empty when none does.</param>
public sealed record ConsentNotice(string TenantId, long Version, IReadOnlyList<string> FieldGroups)
{
    /// <summary>AMQP property <c>type</c>; another one is another message, to be left alone by who does not know it.</summary>
    public const string Type = "fleet.control.consent-changed.v1";

    public const string ContentType = "application/json";

    /// <summary>Members to come are left alone, too: an agent may be years older than who tells it something.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}
