using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Agent.Diagnosing;

/// <summary>What one check found.</summary>
/// <param name="Check">One word: <c>dns</c>, <c>proxy</c>, <c>api</c>, <c>time</c>, <c>enrol</c>, <c>token</c>, <c>grant</c>, <c>broker</c>, <c>tls</c>, <c>state</c>, <c>snmp</c>.</param>
/// <param name="Fix">What to do about it; null when all is well.</param>
public sealed record Finding(string Check, string What, string? Fix = null)
{
    public bool IsWell => Fix is null;

    public override string ToString() => IsWell ? $"ok    {Check,-7} {What}" : $"FAIL  {Check,-7} {What}\n      {"",-7} fix: {Fix}";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(List<Finding>))]
internal sealed partial class FindingJson : JsonSerializerContext;
